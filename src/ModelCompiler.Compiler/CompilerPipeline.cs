using ModelCompiler.Compiler.Architectures;
using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Compiler.Emit;
using ModelCompiler.Compiler.Emit.Cpu;
using ModelCompiler.Compiler.Emit.Gpu;
using ModelCompiler.Compiler.Emit.Programs;
using ModelCompiler.Compiler.Emit.Surface;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Plan;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler;

/// <summary>One emitted file.</summary>
/// <param name="HintName">Name of the file: <c>Demo.VitTiny.Model.g.cs</c>.</param>
/// <param name="Text">Its C# text, with <c>\n</c> line ends.</param>
public sealed record SourceFile(string HintName, string Text);

/// <summary>What compiling one spec gave: files, or a skeleton where there are problems or its names are taken.</summary>
public sealed record CompileResult(EquatableArray<SourceFile> Files, EquatableArray<SpecProblem> Problems);

/// <summary>The compiler's table of contents: each stage by name, in order.</summary>
public static class CompilerPipeline
{
    /// <summary>How a model without problems is stored.</summary>
    public static CheckpointNames CheckpointOf(ModelSpec spec)
    {
        var model = SpecChecker.Run(spec).Model;
        return CheckpointFamily.Of(model).Names(model, ParametersOf(model));
    }

    /// <summary>All parameters: training may have some that outputs do not need.</summary>
    internal static IReadOnlyList<Parameter> ParametersOf(BoundModel model) => ModelPrograms.Build(model, model.Get<ObjectiveAttribute>() is null ? Pass.Forward : Pass.Train).Parameters;

    /// <summary>The problems of a spec; empty when it can be compiled.</summary>
    /// <exception cref="StageException">The compiler is wrong.</exception>
    public static EquatableArray<SpecProblem> Check(ModelSpec spec) => new(SpecChecker.Run(spec).Problems);

    /// <summary>Compiles a spec to C#. Never throws for a bad spec: its problems come back, with a skeleton of what it would be where it has an architecture.</summary>
    /// <exception cref="StageException">The compiler is wrong.</exception>
    /// <exception cref="OperationCanceledException">Between two stages: the editor has moved on.</exception>
    public static CompileResult Compile(ModelSpec spec, CancellationToken cancel = default) => CompilerStage.Run("compile", () =>
    {
        var (model, problems) = SpecChecker.Run(spec);
        if (problems.Count > 0 || spec.Type.Taken.Count > 0)
        {
            return new CompileResult(model.Get<ModelAttribute>() is null ? default : new([CompilerStage.Run("print", () => SkeletonPrinter.Print(model))]), new(problems));
        }

        var lowered = Lowered(model, cancel);
        return new CompileResult(new(CompilerStage.Run("print", () => Print(lowered))), default);
    });

    /// <summary>Spec -> layers -> graph -> gradients, expansion, simplification -> kernels -> memory plan, for each thing the model can do.</summary>
    internal static CompiledModel Lowered(BoundModel model, CancellationToken cancel = default)
    {
        var hasLoss = model.Get<ObjectiveAttribute>() is not null;
        var (graph, parameters) = ModelPrograms.Build(model, hasLoss ? Pass.Train : Pass.Forward);
        var layout = new ParameterLayout(parameters);
        var shared = new SharedParameters(parameters);
        var plans = new Dictionary<Pass, MemoryPlan>();
        Pass[] passes = [Pass.Forward, .. hasLoss ? [Pass.Evaluate] : Array.Empty<Pass>(), .. !hasLoss || layout.TrainableFloats == 0 ? Array.Empty<Pass>() : Steps(model)];
        foreach (var pass in passes.Concat(Others(model)))
        {
            cancel.ThrowIfCancellationRequested();
            var program = ModelPrograms.Compile(model, pass, shared: shared);
            plans.Add(pass, CompilerStage.Run("plan", () => PlanVerifier.Verify(PlanMemory.Run(program))));
        }

        var between = plans.Keys.Where(static p => p is Pass.Compare or Pass.Backward).SelectMany(pass => ModelPrograms.Build(model, pass, shared).Graph.Nodes);
        var inputs = graph.Nodes.Concat(between).Select(static n => n.Op).OfType<InputOp>().GroupBy(static i => i.InputName).Select(static i => i.First()).ToArray();
        return new CompiledModel(model, plans, layout, inputs, CheckpointFamily.Of(model).Names(model, parameters));
    }

    /// <summary>Programs of towers alone, and of generation.</summary>
    private static Pass[] Others(BoundModel model) => model.Architecture is CompositionAttribute ? [Pass.EncodeFirst, Pass.EncodeSecond]
        : model.Get<CausalLanguageModelAttribute>() is null ? []
        : model.Architecture is TowersAttribute ? [Pass.Prime, Pass.Decode] : [Pass.Decode];

    /// <summary>The programs of a training step.</summary>
    private static Pass[] Steps(BoundModel model) => GatheredPairs.Of(model) ? [Pass.Embed, Pass.Compare, Pass.Backward] : [Pass.Train];

    private static IReadOnlyList<SourceFile> Print(CompiledModel model) =>
    [
        ModelPrinter.Print(model),
        DataPrinter.Print(model),
        PartsPrinter.Print(model),
        DescriptionPrinter.Print(model),
        .. EnginePrinter.Print(model, CpuDialect.Instance),
        .. model.Model.Spec.HasGpu ? EnginePrinter.Print(model, GpuDialect.Instance) : [],
    ];
}
