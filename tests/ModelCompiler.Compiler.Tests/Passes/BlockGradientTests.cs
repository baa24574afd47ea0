using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests.Passes;

/// <summary>Gradients that cross the borders of blocks: what layers read from outside, carries that end unread, parameters used twice.</summary>
public sealed class BlockGradientTests
{
    [Theory, InlineData(false), InlineData(true)]
    public void What_every_layer_reads_from_outside_gets_the_sum_over_layers(bool recompute) => Check(recompute, static b =>
    {
        var outside = b.Graph.Gelu(b.Tensor("x", Structure.Matrix));
        return Layers(b, entry => b.Graph.Tanh(b.Graph.Add(entry[0], b.Graph.Multiply(outside, b.Tensor("scale_of_layer", Structure.Matrix)))), b.Tensor("start", Structure.Matrix));
    });

    [Theory, InlineData(false), InlineData(true)]
    public void What_is_read_inside_and_behind_a_block_gets_both(bool recompute) => Check(recompute, static b =>
    {
        var outside = b.Graph.Gelu(b.Tensor("x", Structure.Matrix));
        var result = Layers(b, entry => b.Graph.Tanh(b.Graph.Add(entry[0], outside)), b.Data("start", Structure.Matrix));
        return b.Graph.Add(result, outside);
    });

    [Theory, InlineData(false), InlineData(true)]
    public void A_carry_that_nobody_reads_behind_the_block_hands_its_gradient_back(bool recompute) => Check(recompute, static b =>
    {
        var source = b.Graph.Gelu(b.Tensor("x", Structure.Matrix));
        var entries = b.Graph.BeginBlock(new Block("layers", 0, 3, null), b.Tensor("start", Structure.Matrix), source);
        var next = b.Graph.Tanh(b.Graph.Add(entries[0], b.Graph.Relu(entries[1])));
        return b.Graph.EndBlock(next, b.Graph.Gelu(entries[1]))[0];
    });

    [Theory, InlineData(false), InlineData(true)]
    public void A_parameter_that_several_places_use_gets_all_parts_whatever_order_fusion_gives_them(bool recompute) => Check(recompute, static b =>
    {
        var (x, bias) = (b.Tensor("x", Structure.Matrix), b.Tensor("bias", Structure.Vector));
        var sum = b.Graph.AddBias(x, bias);
        var normed = b.Graph.RmsNorm(sum, b.Tensor("weight", Structure.Vector), 0.5);
        return b.Graph.Add(sum, b.Graph.Gelu(b.Graph.AddBias(normed, bias)));
    });

    private static Value Layers(OpBuilder b, Func<IReadOnlyList<Value>, Value> layer, Value start)
    {
        b.Run = new LayerRun("layers", 0, 3);
        var entries = b.Graph.BeginBlock(new Block("layers", 0, 3, null), start);
        var result = b.Graph.EndBlock(layer(entries))[0];
        b.Run = null;
        return result;
    }

    private static void Check(bool recompute, Func<OpBuilder, Value> build)
    {
        foreach (var fuse in new[] { false, true })
        {
            var b = Structure.Builder();
            b.Graph.Output("loss", b.Weighted(build(b), "weights"));
            Slopes.Check($"fuse {fuse}", new OpProgram(b, recompute, fuse));
        }
    }
}
