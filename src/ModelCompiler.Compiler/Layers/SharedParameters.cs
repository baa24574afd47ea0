using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Layers;

/// <summary>The parameters of a model, so that its programs (forward, evaluate, train) mean the same ones.</summary>
internal sealed class SharedParameters(IReadOnlyList<Parameter> parameters)
{
    /// <summary>The parameter of that name and run; null when it is new.</summary>
    public Parameter? Find(string name, LayerRun? run) => parameters.FirstOrDefault(p => p.Name == name && p.Run == run);
}
