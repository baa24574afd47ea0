using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Testing;

/// <summary>What cases are made of.</summary>
internal static partial class ModelCases
{
    public static BoundModel Bind(params AttributeSpec[] attributes)
    {
        var (model, problems) = AttributeBinder.Bind(new ModelSpec(new TypeSpec("Demo", default, "Model", "public"), new(attributes)));
        return problems.Count == 0 ? model : throw new ArgumentException(string.Join("; ", problems.Select(static p => p.Message)));
    }

    public static AttributeSpec Attribute(string name, params (string Name, object Value)[] arguments) =>
        new(name, new(arguments.Select(a => new ArgumentSpec(a.Name, Value(a.Value)))), default);

    public static AttributeSpec Vision(params (string, object)[] more) => Attribute("VisionTransformer",
        [.. new (string, object)[] { ("ImageSize", 8), ("PatchSize", 4), ("Width", 8), ("Depth", 2), ("Heads", 2), ("FeedForward", 12) }.Where(a => !more.Any(m => m.Item1 == a.Item1)), .. more]);

    public static AttributeSpec Text(string name, params (string, object)[] more) => Attribute(name,
        [.. new (string, object)[] { ("Vocabulary", 11), ("Context", 6), ("Width", 8), ("Depth", 2), ("Heads", 2), ("FeedForward", 12) }.Where(a => !more.Any(m => m.Item1 == a.Item1)), .. more]);

    /// <summary>Two towers that meet, each with the attributes of a class of its own.</summary>
    public static AttributeSpec Meet(string name, AttributeSpec[] first, AttributeSpec[] second, params (string, object)[] options) => Attribute(name, options) with
    {
        TypeArguments = new([new ModelSpec(new TypeSpec("Demo", default, "First", "public"), new(first)), new ModelSpec(new TypeSpec("Demo", default, "Second", "public"), new(second))]),
    };

    /// <summary>Queries that read a tower of pictures.</summary>
    public static AttributeSpec Reads(AttributeSpec[] image, params (string, object)[] options) =>
        Attribute("QFormer", [.. new (string, object)[] { ("Width", 8), ("Heads", 2), ("FeedForward", 12) }.Where(a => !options.Any(m => m.Item1 == a.Item1)), .. options]) with { TypeArguments = new([Tower("First", image)]) };

    private static AttributeSpec Given(params (string, object)[] options) => Attribute("PrecomputedFeatures", [.. options.Any(static o => o.Item1 == "Width") ? [] : new (string, object)[] { ("Width", 12) }, .. options]);

    private static AttributeSpec Looks => Vision(("Width", 12), ("Heads", 3), ("Depth", 1), ("FinalNormEpsilon", 1e-3));

    // Queries that read a tower of pictures with texts beside them.
    private static AttributeSpec Beside((string, object)[] queries, (string, object)[] text, params (string, object)[] options) => Beside(Looks, queries, text, options);

    /// <summary>Queries that read a tower of pictures, or of given vectors, with texts beside them.</summary>
    public static AttributeSpec Beside(AttributeSpec image, (string, object)[] queries, (string, object)[] text, params (string, object)[] options) => Attribute("Blip2Pretraining", options) with
    {
        TypeArguments = new(
        [
            Tower("First", image), Tower("Second", Reads([image], [("NormEpsilon", 1e-5), .. queries])),
            Tower("Third", Text("TransformerEncoder", [("NormPlacement", NormPlacement.Post), .. text.Any(static t => t.Item1 == "EmbeddingNorm") ? [] : new (string, object)[] { ("EmbeddingNorm", true) }, .. text])),
        ]),
    };

    private static ModelSpec Tower(string name, params AttributeSpec[] attributes) => new(new TypeSpec("Demo", default, name, "public"), new(attributes));

    private static AttributeSpec[] ClipPictures => [Vision(("EmbeddingNorm", true), ("FinalNorm", Toggle.Off), ("PoolNorm", true), ("Biases", Biases.All & ~Biases.Patch), ("Activation", Activation.QuickGelu), ("NormEpsilon", 1e-5))];

    public static AttributeSpec Freeze(params string[] parts) => Parts("Freeze", parts);

    public static AttributeSpec Share(params string[] parts) => Parts("Share", parts);

    private static AttributeSpec Parts(string attribute, string[] parts) =>
        new(attribute, new([new ArgumentSpec("parts", new SpecValue.List(new(parts.Select(static p => (SpecValue)new SpecValue.Text(p)))))]), default);
}
