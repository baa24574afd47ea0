using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Reference;

namespace ModelCompiler.Testing;

/// <summary>A case in a setting, compiled to kernels, with its numbers.</summary>
internal sealed class OpProgram
{
    private const int LayerCount = 3;
    private readonly Graph _graph;
    private readonly Lazy<Program> _forward;

    public OpProgram(OpCase c, OpSetting setting, bool fuse = true)
    {
        Numbers = new OpNumbers(c.Batch, c.Length);
        var b = new OpBuilder(Numbers);
        b.Graph.Output("loss", setting switch
        {
            OpSetting.Alone => Weighted(b, Once(b, c), "weights"),
            OpSetting.Twice => b.Graph.Add(Weighted(b, Once(b, c), "weights"), Weighted(b, c.Build(b), "weights_again")),
            _ => Layers(b, c),
        });
        _graph = b.Graph.Build();
        (Parameters, Inputs) = (b.Parameters, [.. b.Inputs]);
        Optimized = ModelPrograms.Optimize(_graph, Pass.Train, setting == OpSetting.Recomputed);
        Program = ProgramVerifier.Verify(Lower.Run(Optimized, fuse));
        _forward = new(() => Lower.Run(ModelPrograms.Optimize(_graph, Pass.Evaluate, false), fuse));
    }

    public OpNumbers Numbers { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    public IReadOnlyList<InputOp> Inputs { get; }

    /// <summary>The graph with gradients, behind all passes.</summary>
    public Graph Optimized { get; }

    public Program Program { get; }

    /// <summary>Terms of the longest sum.</summary>
    public long LongestSum => Program.LongestSum(Numbers.Batch, Numbers.Length);

    /// <summary>What the loss is about as large as where its terms do not cancel: the root of the weights' squares.</summary>
    public double LossScale => Math.Sqrt(Inputs.Where(static i => i.InputName.Contains("weights", StringComparison.Ordinal)).SelectMany(i => Numbers.Input(i.InputName)).Sum(static w => w * w));

    /// <summary>Outputs (the loss; outside of layers also the op's own, <c>y</c>) and gradients.</summary>
    public InterpreterResult Run() => KernelInterpreter.Run(Program, Numbers.Data);

    /// <summary>Outputs by the graph without gradients.</summary>
    public IReadOnlyDictionary<string, double[]> Forward() => KernelInterpreter.Run(_forward.Value, Numbers.Data).Outputs;

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
        var initial = b.Tensor("initial", isChain ? shape : Shape.Scalar);
        b.Data("scale", Shape.Scalar, Draws.Constant(0.75));
        b.Run = new LayerRun("layers", 0, LayerCount);
        var entry = b.Graph.BeginBlock(new Block("layers", 0, LayerCount, null), initial)[0];
        b.Entry = isChain ? entry : null;
        var y = c.Build(b);
        var result = b.Graph.EndBlock(isChain ? y : b.Graph.Add(entry, Weighted(b, y, "weights")))[0];
        b.Run = null;
        return Weighted(b, result, isChain ? "weights" : "result_weights");
    }

    private static Value Weighted(OpBuilder b, Value y, string weights) =>
        b.Graph.Apply(new WeightedSumOp(), y, b.Data(weights, y.Shape), b.Data("scale", Shape.Scalar, Draws.Constant(0.75)));
}
