namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>One tensor of a format: <c>{n}</c> in names stands for the number of the layer.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Parameters">Our parameters in the order in which they are concatenated.</param>
internal sealed record TensorRule(string Name, params string[] Parameters)
{
    public bool IsTransposed { get; init; }

    /// <summary>The shape in the file, of the shape of the concatenation; null: the same.</summary>
    public Func<int[], int[]>? Stored { get; init; }

    public string[] Aliases { get; init; } = [];

    /// <summary>Of a table of positions; null: the tensor is none, or is never resized on loading.</summary>
    public StoredGrid? Grid { get; init; }

    /// <summary>The weight and, where there is one, the bias of a layer.</summary>
    public static IEnumerable<TensorRule> Both(string theirs, string ours) => [new(theirs + ".weight", ours + ".weight"), new(theirs + ".bias", ours + ".bias")];

    /// <summary>What a name is of query, key and value, in the order in which many formats store them as one.</summary>
    public static string[] QueryKeyValue(string ours, string what) => [$"{ours}.query.{what}", $"{ours}.key.{what}", $"{ours}.value.{what}"];

    /// <summary>The tensor of a tower, within a model of two.</summary>
    /// <param name="theirs">What its name begins with there.</param>
    /// <param name="ours">What our names begin with.</param>
    /// <param name="key">Where the tower's configuration lies.</param>
    public TensorRule Under(string theirs, string ours, string key) => this with
    {
        Name = theirs + Name,
        Aliases = [.. Aliases.Select(a => theirs + a)],
        Parameters = [.. Parameters.Select(p => ours + p)],
        Grid = Grid is null ? null : Grid with { Key = $"{key}.{Grid.Key}" },
    };

    private bool IsLayered => Name.Contains("{n}");

    /// <summary>The tensors of a model, in the order of the rules, and the parameters that none of them holds.</summary>
    public static IReadOnlyList<StoredTensor> Apply(IEnumerable<TensorRule> rules, IReadOnlyList<NamedParameter> parameters, out IReadOnlyList<string> homeless)
    {
        var byName = parameters.ToDictionary(static p => p.Name);
        var tensors = new List<StoredTensor>();
        var housed = new HashSet<string>();
        foreach (var rule in rules)
        {
            foreach (var layer in rule.IsLayered ? Enumerable.Range(0, Layers(rule.Parameters[0], parameters)) : [-1])
            {
                var parts = rule.Parameters.Select(p => p.Replace("{n}", $"{layer}")).ToArray();
                if (parts.All(byName.ContainsKey))
                {
                    tensors.Add(rule.Tensor(layer, [.. parts.Select(p => byName[p])]));
                    housed.UnionWith(parts);
                }
            }
        }

        homeless = [.. parameters.Select(static p => p.Name).Where(n => !housed.Contains(n))];
        return tensors;
    }

    // Layers of the stack that a rule's parameter is of: blocks, or those of a tower.
    private static int Layers(string parameter, IReadOnlyList<NamedParameter> parameters)
    {
        var stack = parameter.Substring(0, parameter.IndexOf("{n}", StringComparison.Ordinal));
        return parameters.Where(p => p.Name.StartsWith(stack, StringComparison.Ordinal)).Select(p => int.Parse(p.Name.Substring(stack.Length).Split('.')[0])).DefaultIfEmpty(-1).Max() + 1;
    }

    private StoredTensor Tensor(int layer, IReadOnlyList<NamedParameter> parts)
    {
        int[] shape = [parts.Sum(static p => p.Shape[0]), .. parts[0].Shape.Skip(1)];
        if (IsTransposed)
        {
            Array.Reverse(shape);
        }

        return new StoredTensor(Number(Name, layer), [.. Aliases.Select(a => Number(a, layer))], [.. parts.Select(static p => p.Name)], IsTransposed, Stored?.Invoke(shape) ?? shape) { Grid = Grid };
    }

    private static string Number(string name, int layer) => name.Replace("{n}", $"{layer}");
}
