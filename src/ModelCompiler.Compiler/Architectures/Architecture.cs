using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>One kind of model: the attribute that describes it, its rules, and its layers.</summary>
internal abstract class Architecture
{
    /// <summary>The attribute class that asks for this architecture.</summary>
    public abstract Type Attribute { get; }

    /// <summary>Adds what is wrong with the options. Building is only tried when nothing is.</summary>
    public abstract void Validate(BoundModel model, ProblemList problems);

    /// <summary>Adds the model's nodes and outputs; with <paramref name="withLoss"/> also its losses.</summary>
    public abstract void Build(ModelBuilder m, BoundModel model, bool withLoss);
}

/// <summary>Every architecture: a new one is an attribute, a file in this folder and a line here.</summary>
internal static class ArchitectureCatalogue
{
    public static IReadOnlyList<Architecture> All { get; } = [new VisionTransformer(), new TransformerEncoder(), new TransformerDecoder()];

    public static Architecture Of(BoundModel model) => All.Single(a => a.Attribute == model.Architecture.GetType());

    /// <summary>The graph as a model's layers build it, before any pass, and the parameters in the order in which they were asked for.</summary>
    /// <param name="shared">Parameters that another program of the model made.</param>
    public static (Graph Graph, IReadOnlyList<Parameter> Parameters) Build(BoundModel model, Pass pass, SharedParameters? shared = null) => CompilerStage.Run("build", () =>
    {
        var frozen = model.Attributes.OfType<FreezeAttribute>().SelectMany(static f => f.Parts).ToArray();
        var builder = new ModelBuilder(pass == Pass.Train, frozen, shared);
        Of(model).Build(builder, model, pass != Pass.Forward);
        return (builder.Graph.Build(), builder.Parameters);
    });
}
