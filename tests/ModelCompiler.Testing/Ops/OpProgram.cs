using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Passes;
using ModelCompiler.Compiler.Reference;

namespace ModelCompiler.Testing;

/// <summary>A graph with an output <c>loss</c>, compiled to kernels with its gradients, and numbers for what it reads.</summary>
internal sealed class OpProgram
{
    private readonly Lazy<Program> _forward;

    /// <param name="mixed">What can be stored in 16 bits is.</param>
    public OpProgram(OpBuilder b, bool recompute = false, bool fuse = true, bool mixed = false)
    {
        var graph = b.Graph.Build();
        (Numbers, Parameters, Inputs) = (b.Numbers, b.Parameters, [.. b.Inputs]);
        Optimized = ModelPrograms.Optimize(graph, Pass.Train, recompute);
        Optimized = mixed ? GraphVerifier.Verify(new StoreNarrow(ofFixedSize: true).Run(Optimized), "narrow") : Optimized;
        Program = ProgramVerifier.Verify(Lower.Run(Optimized, fuse));
        _forward = new(() => Lower.Run(ModelPrograms.Optimize(graph, Pass.Evaluate, false), fuse));
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
    public double LossScale => Math.Sqrt(Inputs.Where(static i => i.InputName.Contains("weights", StringComparison.Ordinal))
        .SelectMany(i => Numbers.Input(i.InputName)).Sum(static w => w * w));

    /// <summary>Outputs and gradients.</summary>
    public InterpreterResult Run() => KernelInterpreter.Run(Program, Numbers.Data);

    /// <summary>Outputs by the graph without gradients.</summary>
    public IReadOnlyDictionary<string, double[]> Forward() => KernelInterpreter.Run(_forward.Value, Numbers.Data).Outputs;
}
