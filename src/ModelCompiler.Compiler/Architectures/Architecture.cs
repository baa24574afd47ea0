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

    /// <summary>Adds the nodes and outputs of a pass.</summary>
    public abstract void Build(ModelBuilder m, BoundModel model, Pass pass);
}

/// <summary>A kind of model that is one tower, alone with its objectives or as a part of a model of several.</summary>
internal abstract class TowerArchitecture : Architecture
{
    /// <summary>Adds the nodes up to the features, and their outputs.</summary>
    /// <param name="reading">What it gets of another tower.</param>
    public abstract Features Features(ModelBuilder m, TowerAttribute options, Reading reading);

    /// <summary>Adds the nodes of towers that this one reads, where it is the whole model.</summary>
    protected virtual Reading Read(ModelBuilder m, BoundModel model) => Reading.Nothing;

    public sealed override void Build(ModelBuilder m, BoundModel model, Pass pass)
    {
        m.KeepsKeys = pass == Pass.Decode;
        var features = Features(m, (TowerAttribute)model.Architecture, Read(m, model));
        if (pass == Pass.Decode)
        {
            Heads.NextToken(m, model.Get<CausalLanguageModelAttribute>()!, (TextTransformerAttribute)model.Architecture, features.Hidden);
            return;
        }

        Heads.Apply(m, model, model.Architecture as TransformerAttribute, features, pass != Pass.Forward);
    }
}

/// <summary>Every architecture: a new one is an attribute, a file in this folder and a line here.</summary>
internal static class ArchitectureCatalogue
{
    public static IReadOnlyList<Architecture> All { get; } = [new VisionTransformer(), new TransformerEncoder(), new TransformerDecoder(), new PrecomputedFeatures(), new Clip(), new DualEncoder(), new EncoderDecoder(), new QFormer(), new Blip2(), new Blip2Pretraining()];

    public static Architecture Of(BoundModel model) => All.Single(a => a.Attribute == AttributeBinder.Definition(model.Architecture.GetType()));

    /// <summary>The graph as a model's layers build it, before any pass, and the parameters in the order in which they were asked for.</summary>
    /// <param name="shared">Parameters that another program of the model made.</param>
    public static (Graph Graph, IReadOnlyList<Parameter> Parameters) Build(BoundModel model, Pass pass, SharedParameters? shared = null) => Build(model, pass, PartNames.Of(model), shared);

    /// <summary>The parameters as if no part was shared.</summary>
    public static IReadOnlyList<Parameter> Unshared(BoundModel model) => Build(model, Pass.Forward, PartNames.Unshared(model), null).Parameters;

    private static (Graph Graph, IReadOnlyList<Parameter> Parameters) Build(BoundModel model, Pass pass, PartNames names, SharedParameters? shared) => CompilerStage.Run("build", () =>
    {
        var builder = new ModelBuilder(pass is Pass.Train or Pass.Embed or Pass.Compare or Pass.Backward, names, shared) { IsDecoding = pass is Pass.Prime or Pass.Decode, IsLookedAt = pass is Pass.Forward or Pass.Evaluate };
        Of(model).Build(builder, model, pass);
        return (builder.Graph.Build(), builder.Parameters);
    });
}
