namespace ModelCompiler.Compiler.Spec;

/// <summary>A spec with its attributes as the objects that the user's source would construct, so that defaults stand in one place.</summary>
public sealed class BoundModel(ModelSpec spec, IReadOnlyList<Attribute> attributes)
{
    public ModelSpec Spec { get; } = spec;

    /// <summary>All attributes, in source order.</summary>
    public IReadOnlyList<Attribute> Attributes { get; } = attributes;

    /// <summary>The architecture attribute.</summary>
    public ModelAttribute Architecture => Get<ModelAttribute>()!;

    /// <summary>It is a tower that reads another's tokens, or goes through another's layers: it has other parts than alone.</summary>
    public bool IsReader { get; init; }

    /// <summary>The first attribute of a kind; null when there is none.</summary>
    public T? Get<T>()
        where T : Attribute => Attributes.OfType<T>().FirstOrDefault();

    /// <summary>The objective with a head that predicts, of which a model has one at most; null: it has none, or others alone.</summary>
    public ObjectiveAttribute? Prediction => Attributes.OfType<ObjectiveAttribute>().FirstOrDefault(static a => a is ClassificationAttribute or CausalLanguageModelAttribute or MaskedLanguageModelAttribute);

    /// <summary>Whether the user wrote this argument, or its default stands.</summary>
    public bool IsWritten(Attribute attribute, string argument)
    {
        var name = AttributeBinder.NameOf(attribute.GetType());
        return Spec.Attributes.Any(a => a.Name == name && a.Arguments.Any(x => x.Name == argument));
    }
}
