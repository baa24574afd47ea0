using ModelCompiler.Compiler.Architectures;
using ModelCompiler.Compiler.Emit;
using ModelCompiler.Compiler.Emit.Surface;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler;

/// <summary>Names that emitted code adds to the user's class, so that the class itself can have none of them.</summary>
public static class EmittedMembers
{
    /// <summary>Names for any model.</summary>
    public static IReadOnlyList<string> OfAny { get; } =
    [
        "Core", "ParametersByName", "Forward", "Generate", "Stream", "Evaluate", "TrainStep", "Fit", "ComputeGradients", "MemoryFor", "LoadPretrained", "Save", "Dispose",
        "Pictures", "Tokens", "Vectors", "Batch", "Output", "CpuProgram", "SetInputs", "SetTargets", "QueueGradients", "QueueStep", "Explain", "Parameters", "CheckpointNames", "_core", "s_description",
    ];

    /// <summary>Of names that a class or something around it has, those that its emitted code needs for itself.</summary>
    public static IReadOnlyList<string> Taken(ModelSpec spec, IEnumerable<string> names)
    {
        var needed = new HashSet<string>([TypeSpec.Constructor, .. EmittedTypes.Names, .. spec.HasGpu ? EmittedTypes.OfGpu : [], .. CompilerPipeline.Check(spec).Count > 0 ? [.. OfAny, .. OfComposition(spec)] : Of(spec)]);
        return [.. names.Where(needed.Contains)];
    }

    /// <summary>Names for a model without problems: those of any, its parts (<c>Embeddings</c>), and their types (<c>EmbeddingsTokenParameters</c>).</summary>
    public static IReadOnlyList<string> Of(ModelSpec spec)
    {
        var parameters = CompilerPipeline.ParametersOf(SpecChecker.Run(spec).Model);
        var paths = parameters.Where(static p => p.Kind != ParameterKind.Constant).SelectMany(static p => p.Parts).Where(static p => !p.IsAbsent)
            .Select(static p => p.Path.Replace(".{layer}", "").Split('.')).ToArray();
        return
        [
            .. OfAny,
            .. OfComposition(spec),
            .. paths.Select(static p => Names.Pascal(p[0])).Distinct(),
            .. paths.SelectMany(static p => Enumerable.Range(1, p.Length - 1).Select(n => Names.Pascal(string.Join("_", p.Take(n))) + "Parameters")).Distinct(),
        ];
    }

    // Names that only models of several towers have.
    private static IEnumerable<string> OfComposition(ModelSpec spec) =>
        AttributeBinder.Bind(spec).Model is var model && model.Get<ModelAttribute>() is TowersAttribute towers ? PairsPrinter.Names(Side.Of(model), towers is CompositionAttribute) : [];
}
