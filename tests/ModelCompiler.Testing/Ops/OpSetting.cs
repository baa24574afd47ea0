using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

/// <summary>Where a case stands.</summary>
internal enum OpSetting
{
    /// <summary>Once, its output (also an output <c>y</c> of the graph) weighted and summed.</summary>
    Alone,

    /// <summary>Twice on the same tensors, with two weightings: gradients add up.</summary>
    Twice,

    /// <summary>In a block of three layers with tensors of their own.</summary>
    Layers,

    /// <summary>The same, the block being computed once more in backward.</summary>
    Recomputed,
}

/// <summary>Builds cases in their settings.</summary>
internal static class OpSettings
{
    private const int LayerCount = 3;

    public static OpProgram In(this OpCase c, OpSetting setting, bool fuse = true, bool mixed = false)
    {
        var b = new OpBuilder(new OpNumbers(c.Batch, c.Length));
        b.Graph.Output("loss", setting switch
        {
            OpSetting.Alone => b.Weighted(Once(b, c), "weights"),
            OpSetting.Twice => b.Graph.Add(b.Weighted(Once(b, c), "weights"), b.Weighted(c.Build(b), "weights_again")),
            _ => Layers(b, c),
        });
        return new OpProgram(b, setting == OpSetting.Recomputed, fuse, mixed);
    }

    private static Value Once(OpBuilder b, OpCase c)
    {
        var y = c.Build(b);
        b.Graph.Output("y", y);
        return y;
    }

    // Where the output has the first tensor's shape, layers are a chain; else each adds its weighted sum to what it got.
    private static Value Layers(OpBuilder b, OpCase c)
    {
        var dry = new OpBuilder(new OpNumbers(c.Batch, c.Length));
        var shape = c.Build(dry).Shape;
        foreach (var input in dry.Inputs)
        {
            _ = input.Type == ElementType.Integer ? b.Integers(input.InputName, input.Shape, Draws.Unit) : b.Data(input.InputName, input.Shape);
        }

        var isChain = shape.Equals(dry.First);
        _ = isChain ? null : b.Data("weights", shape);
        _ = b.Scale;
        var initial = b.Tensor("initial", isChain ? shape : Shape.Scalar);
        b.Run = new LayerRun("layers", 0, LayerCount);
        var entry = b.Graph.BeginBlock(new Block("layers", 0, LayerCount, null), initial)[0];
        b.Entry = isChain ? entry : null;
        var y = c.Build(b);
        var result = b.Graph.EndBlock(isChain ? y : b.Graph.Add(entry, b.Weighted(y, "weights")))[0];
        b.Run = null;
        return b.Weighted(result, isChain ? "weights" : "result_weights");
    }
}
