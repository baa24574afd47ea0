using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Layers;

/// <summary>A tower of a model: of a model that is one tower itself, or a part of a composition.</summary>
/// <param name="Name">What its parameters, inputs and outputs begin with: <c>image</c>; empty where the model is the tower.</param>
/// <param name="Model">The class that describes it.</param>
/// <param name="Options">Its architecture; null where the class has none of a tower's.</param>
/// <param name="InputClass">Name of the emitted type of its inputs.</param>
internal sealed record Side(string Name, BoundModel Model, TransformerAttribute? Options, string InputClass)
{
    /// <summary>Every name that a side of a composition can have.</summary>
    public static IReadOnlyList<string> Names { get; } = ["image", "text", "first", "second"];

    public bool IsText => Options is TextTransformerAttribute;

    /// <summary>What names of its inputs begin with.</summary>
    public string Prefix => Name.Length == 0 ? "" : Name + ".";

    /// <summary>Name of the output with its unit vectors.</summary>
    public string Features => Name + "_features";

    /// <summary>Channels of the pooled vector.</summary>
    public int PooledWidth
    {
        get
        {
            var width = Options is TextTransformerAttribute text ? TextEmbedding.TableWidth(text) : Options!.Width;
            var pooled = Options.Pooling == Pooling.ClsAndMean ? 2 * width : width;
            return Options.Pooler != Pooler.None && Options.PoolerWidth > 0 ? Options.PoolerWidth : pooled;
        }
    }

    /// <summary>The towers of a model; those of a composition even where they are wrong, as many as its type arguments that exist.</summary>
    public static IReadOnlyList<Side> Of(BoundModel model)
    {
        if (model.Architecture is not CompositionAttribute composition)
        {
            var o = (TransformerAttribute)model.Architecture;
            return [new Side("", model, o, o is TextTransformerAttribute ? "Tokens" : "Pictures")];
        }

        var isClip = AttributeBinder.NameOf(composition.GetType()) == "Clip";
        var names = Names.Skip(isClip ? 0 : 2).Take(2);
        var towers = model.Spec.Attributes.First(a => a.Name == AttributeBinder.NameOf(composition.GetType())).TypeArguments.Select(static t => AttributeBinder.Bind(t).Model).ToArray();
        return [.. towers.Zip(names, (tower, name) =>
        {
            var o = tower.Get<ModelAttribute>() as TransformerAttribute;
            var kind = isClip ? name == "image" ? "Pictures" : "Tokens" : o is VisionTransformerAttribute ? "Pictures" : "Tokens";
            return new Side(name, tower, o, isClip ? kind : (name == "first" ? "First" : "Second") + kind);
        })];
    }
}
