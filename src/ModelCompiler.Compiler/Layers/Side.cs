using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Layers;

/// <summary>A tower of a model: of a model that is one tower itself, or a part of a composition.</summary>
/// <param name="Name">What its parameters, inputs and outputs begin with: <c>image</c>; empty where the model is the tower.</param>
/// <param name="Model">The class that describes it.</param>
/// <param name="Options">Its architecture; null where the class has none of a tower's.</param>
internal sealed record Side(string Name, BoundModel Model, TowerAttribute? Options)
{
    /// <summary>Every name that a side of a composition can have.</summary>
    public static IReadOnlyList<string> Names { get; } = ["image", "text", "first", "second", "encoder", "decoder", BridgeName];

    /// <summary>Tokens of its rows. Two texts that meet have a length each: nothing but their features comes together.</summary>
    public Extent Length => IsSecondText ? Extent.SecondLength : Extent.Length;

    /// <summary>Whether it is the second of two texts that meet.</summary>
    public bool IsSecondText { get; init; }

    public bool IsText => Options is TextTransformerAttribute;

    /// <summary>What it reads. Places that are for one kind have it even where the tower is wrong.</summary>
    public InputKind Inputs => Options switch
    {
        PrecomputedFeaturesAttribute => InputKind.Vectors,
        VisionTransformerAttribute when Name != "text" => InputKind.Pictures,
        TextTransformerAttribute when Name != "image" => InputKind.Tokens,
        _ => Name is "image" or "" ? InputKind.Pictures : InputKind.Tokens,
    };

    /// <summary>Name of the emitted type of its inputs.</summary>
    public string InputClass => Name is "" || (Name, Inputs) is ("image", InputKind.Pictures) or ("text", InputKind.Tokens) ? $"{Inputs}" : char.ToUpperInvariant(Name[0]) + Name.Substring(1) + Inputs;

    /// <summary>Whether it gives what every block got.</summary>
    public bool HasHiddenStates => Options is TransformerAttribute { HiddenStates: true };

    /// <summary>Whether it gives the attention weights of every block.</summary>
    public bool HasAttentions => Options is TransformerAttribute { Attentions: true };

    /// <summary>Whether it gives what it computes on the way to its features.</summary>
    public bool ShowsInside => HasHiddenStates || HasAttentions;

    /// <summary>Whether its blocks read another tower.</summary>
    public bool ReadsTower => Name == "decoder" || Options is QFormerAttribute<object>;

    /// <summary>Its architecture, where the place is a transformer's alone.</summary>
    public TransformerAttribute Transformer => (TransformerAttribute)Options!;

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
            return Options is TransformerAttribute { Pooler: not Pooler.None, PoolerWidth: > 0 } o ? o.PoolerWidth : pooled;
        }
    }

    /// <summary>Name of the tower between that of pictures and that of text.</summary>
    public const string BridgeName = "qformer";

    /// <summary>The towers of a model that have inputs; those of a composition even where they are wrong, as many as its type arguments that exist.</summary>
    public static IReadOnlyList<Side> Of(BoundModel model) => [.. All(model).Where(static s => s.Name != BridgeName)];

    /// <summary>Whether towers of the model are classes of their own.</summary>
    public static bool AreNamed(BoundModel model) => model.Architecture is TowersAttribute or QFormerAttribute<object>;

    /// <summary>All towers, but for the model itself where it reads one.</summary>
    public static IReadOnlyList<Side> All(BoundModel model)
    {
        if (!AreNamed(model))
        {
            return [new Side("", model, (TowerAttribute)model.Architecture)];
        }

        var type = model.Architecture.GetType();
        var names = type.GetGenericTypeDefinition().GetGenericArguments().Select(static p => p.Name.Substring(1).ToLowerInvariant()); // TQFormer is "qformer"
        var towers = model.Spec.Attributes.First(a => a.Name == AttributeBinder.NameOf(type)).TypeArguments.Select(static t => AttributeBinder.Bind(t).Model).ToArray();
        Side[] sides = [.. towers.Zip(names, (tower, name) =>
        {
            tower = model.Architecture is CompositionAttribute ? tower : Part(tower, model, name is "decoder" or "text");
            return new Side(name, tower, tower.Get<ModelAttribute>() as TowerAttribute);
        })];
        return model.Architecture is CompositionAttribute && sides is [{ IsText: true }, { IsText: true }] ? [sides[0], sides[1] with { IsSecondText = true }] : sides;
    }

    /// <summary>Queries whose tokens stand first in a row of text: 0 where there is none that begins so.</summary>
    public static int PrefixOf(BoundModel model) => model.Architecture is Blip2Attribute<object, object, object> ? All(model).Select(static s => s.Options).OfType<QFormerAttribute<object>>().Select(static q => q.Queries).FirstOrDefault() : 0;

    // What is read token by token does not pool, and only the decoder has the objective, which is the whole's. Options are bound anew for each side, so that they can be changed.
    private static BoundModel Part(BoundModel tower, BoundModel whole, bool isDecoder)
    {
        if (tower.Get<ModelAttribute>() is TowerAttribute any)
        {
            any.Pooling = Pooling.None;
        }

        if (tower.Get<ModelAttribute>() is TransformerAttribute o)
        {
            (o.PoolNorm, o.Pooler, o.PoolerWidth, o.PoolerBias) = (false, Pooler.None, 0, true);
        }

        if (tower.Get<ModelAttribute>() is TextTransformerAttribute text)
        {
            text.EndToken = -1;
        }

        return new BoundModel(tower.Spec, [.. tower.Attributes.Where(static a => a is not ObjectiveAttribute), .. isDecoder ? whole.Attributes.OfType<ObjectiveAttribute>().Where(static a => a is not QueryObjectiveAttribute) : []])
        {
            IsReader = isDecoder && whole.Architecture is EncoderDecoderAttribute<object, object> or Blip2PretrainingAttribute<object, object, object>,
        };
    }
}
