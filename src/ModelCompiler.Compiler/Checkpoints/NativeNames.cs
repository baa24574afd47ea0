using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Every model under its own names; the configuration is the attribute's own arguments.</summary>
internal static class NativeNames
{
    public static CheckpointNames Of(BoundModel model, IReadOnlyList<Parameter> parameters)
    {
        var tensors = Named(parameters).Select(static p => new StoredTensor(p.Name, [], [p.Name], false, p.Shape)).ToArray();
        return new CheckpointNames("native", [], tensors, [], []);
    }

    /// <summary>Every named part of every layer.</summary>
    public static IReadOnlyList<NamedParameter> Named(IReadOnlyList<Parameter> parameters) => [.. parameters
        .Where(static p => p.Kind != ParameterKind.Constant)
        .SelectMany(static p => p.Run is { } run
            ? Enumerable.Range(run.First, run.Count).SelectMany(layer => p.Parts.Where(static x => !x.IsAbsent).Select(x => new NamedParameter(x.Path.Replace("{layer}", $"{layer}"), x.Shape)))
            : p.Parts.Where(static x => !x.IsAbsent).Select(static x => new NamedParameter(x.Path, x.Shape)))];
}
