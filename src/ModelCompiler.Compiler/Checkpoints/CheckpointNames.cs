namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>One tensor of a checkpoint and the parameters it is made of.</summary>
/// <param name="Name">The reference's name, as it is written.</param>
/// <param name="Aliases">Other names under which it is accepted.</param>
/// <param name="Parameters">Our parameters, concatenated along the first axis.</param>
/// <param name="Transposed">Stored as [in, out]: the transpose of the concatenation.</param>
/// <param name="StoredShape">Shape in the file.</param>
public sealed record StoredTensor(string Name, string[] Aliases, string[] Parameters, bool Transposed, int[] StoredShape)
{
    /// <summary>Of a table of positions that is resized on loading where pictures are of another size.</summary>
    public StoredGrid? Grid { get; init; }
}

/// <summary>The grid of patches that a table of positions is made for.</summary>
/// <param name="Key">Key of <c>config.json</c> with the size of the pictures.</param>
/// <param name="Prefix">Rows of the table before those of the grid.</param>
/// <param name="Antialias">Whether the reference resizes it with antialias.</param>
public sealed record StoredGrid(string Key, int Rows, int Columns, int PatchHeight, int PatchWidth, int Prefix, bool Antialias);

/// <summary>A key of <c>config.json</c> and the value that the attributes imply.</summary>
/// <param name="Key">Dotted path; behind <c>|</c> another, which counts where the first is not there.</param>
/// <param name="Json">The value as JSON text; empty: the key is not written.</param>
/// <param name="Synonyms">Other JSON texts that mean the same; <c>{"times": a, "gives": b}</c> stands for every number of which a times are b, rounded down.</param>
/// <param name="IsOptional">A file without the key is fine: the reference's default is this value.</param>
/// <param name="IsCompared">A file with another value is refused; else the key is only written.</param>
public sealed record ConfigValue(string Key, string Json, string[] Synonyms, bool IsOptional, bool IsCompared)
{
    private const string Neutral = "*";
    private const string Repeat = "=";

    /// <summary>The entry <c>*</c> that lists keys which say nothing of the model.</summary>
    public static ConfigValue OfNeutral(IEnumerable<string> keys) => new(Neutral, "", [.. keys], true, false);

    /// <summary>The entry <c>=</c>: an object of which, where it is one, all is compared that is compared of another.</summary>
    public static ConfigValue OfRepeat(string key, string of) => new(Repeat, "", [key, of], true, true);

    /// <summary>The same below a key.</summary>
    public ConfigValue Under(string key) => Key == Neutral
        ? OfNeutral(Synonyms.Select(k => $"{key}.{k}"))
        : this with { Key = string.Join("|", Key.Split('|').Select(k => $"{key}.{k}")) };
}

/// <summary>How a model is stored: what emitted code carries as tables.</summary>
/// <param name="OptionalPrefixes">Prefixes that names in a file may have or lack.</param>
/// <param name="Ignored">Tensors of the reference that hold no weights; <c>*</c> at either end stands for anything.</param>
public sealed record CheckpointNames(
    string Format, string[] OptionalPrefixes, IReadOnlyList<StoredTensor> Tensors, string[] Ignored, IReadOnlyList<ConfigValue> Config);

/// <summary>A parameter as a checkpoint sees it: path and shape, such as <c>blocks.0.attention.query.weight</c> [192, 192].</summary>
internal sealed record NamedParameter(string Name, int[] Shape);
