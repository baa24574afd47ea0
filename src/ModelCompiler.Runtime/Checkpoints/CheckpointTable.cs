namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>One tensor of a file and the parameters it is made of.</summary>
/// <param name="Name">Name that is written.</param>
/// <param name="Aliases">Other names that are accepted.</param>
/// <param name="Parameters">Our parameters, concatenated along the first axis.</param>
/// <param name="IsTransposed">The file holds the transpose of the concatenation, [in, out].</param>
/// <param name="StoredShape">Shape in the file.</param>
public sealed record TensorBinding(string Name, string[] Aliases, string[] Parameters, bool IsTransposed, int[] StoredShape)
{
    /// <summary>Of a table of positions that is resized where pictures are of another size: one parameter, its rows and columns last.</summary>
    public PositionGrid? Grid { get; init; }
}

/// <summary>A key of <c>config.json</c> and its value as JSON text.</summary>
/// <param name="Key">Dotted path; behind <c>|</c> another, which counts where the first is not there; <c>*</c> for an entry whose synonyms are keys that say nothing of the model;
/// <c>=</c> for one whose synonyms are two objects, the first of which, where it is one, must say what the second does.</param>
/// <param name="Json">The value; empty: the key is not written.</param>
/// <param name="Synonyms">Other JSON texts that mean the same; <c>{"times": a, "gives": b}</c> stands for every number of which a times are b, rounded down.</param>
/// <param name="IsOptional">A file without it means the same.</param>
/// <param name="IsCompared">A file with another value is refused.</param>
public sealed record ConfigEntry(string Key, string Json, string[] Synonyms, bool IsOptional, bool IsCompared);

/// <summary>How a model is stored.</summary>
/// <param name="OptionalPrefixes">Prefixes that names in a file may have or lack.</param>
/// <param name="Ignored">Tensors without weights of ours; <c>*</c> at either end stands for anything.</param>
public sealed record CheckpointTable(string Format, string[] OptionalPrefixes, TensorBinding[] Bindings, string[] Ignored, ConfigEntry[] Config)
{
    /// <summary>True for a tensor that is known to hold nothing of ours.</summary>
    public bool Ignores(string name) => Ignored.Any(pattern => pattern switch
    {
        ['*', .. var end] => name.EndsWith(end, StringComparison.Ordinal),
        [.. var start, '*'] => name.StartsWith(start, StringComparison.Ordinal),
        _ => name == pattern || OptionalPrefixes.Any(p => name == p + pattern),
    });

    /// <summary>The names under which a binding may be found, best first.</summary>
    public IEnumerable<string> NamesOf(TensorBinding binding)
    {
        foreach (var name in binding.Aliases.Prepend(binding.Name))
        {
            yield return name;
            foreach (var prefix in OptionalPrefixes)
            {
                yield return name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : prefix + name;
            }
        }
    }
}
