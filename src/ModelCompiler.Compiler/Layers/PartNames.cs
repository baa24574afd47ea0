using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Layers;

/// <summary>
/// Where each part of a model is kept and whether it learns, asked by any name that it goes by: what a second tower shares is kept under the first's name, and so is the
/// copy of it.
/// </summary>
/// <param name="frozen">Names of parts that do not learn, as users write them.</param>
/// <param name="sharing">Parts of one tower that are another's; null: none.</param>
internal sealed class PartNames(IEnumerable<string> frozen, Sharing? sharing = null)
{
    /// <summary>What the names of copies that follow begin with.</summary>
    public const string Copies = "momentum";

    private readonly string[] _frozen = [.. frozen.SelectMany(f => sharing?.Homes(f) ?? [f]).Distinct()];

    /// <summary>The names of a model with all that its attributes and its towers' say of parts.</summary>
    public static PartNames Of(BoundModel model) => new(Frozen(model), Sharing.Of(model));

    /// <summary>As if both towers had all their parts themselves.</summary>
    public static PartNames Unshared(BoundModel model) => new(Frozen(model));

    /// <summary>The name under which a parameter, or a stack of layers, is kept.</summary>
    public string Home(string name)
    {
        var original = Original(name);
        return sharing is null ? name : name.Substring(0, name.Length - original.Length) + sharing.Home(original);
    }

    /// <summary>The name of what a copy follows; of what is no copy, its own.</summary>
    public static string Original(string name) => name.StartsWith(Copies + ".", StringComparison.Ordinal) ? name.Substring(Copies.Length + 1) : name;

    /// <summary>Whether a name is a part, or below it.</summary>
    public static bool Is(string name, string part) => name == part || name.StartsWith(part + ".", StringComparison.Ordinal);

    /// <summary>Whether a tower has all its parts itself, so that it can be exchanged for a model that is that tower alone.</summary>
    public bool IsWhole(string tower) => sharing?.Second != tower;

    /// <summary>Whether a parameter does not learn, by the name under which it is kept.</summary>
    public bool IsFrozen(string home) => _frozen.Any(f => Is(home, f));

    /// <summary>What is frozen of a layer, one text where it is the same: a layer that is frozen as a whole differs from one of which nothing is, since names end in a bar.</summary>
    public string FrozenOf(string layer) => string.Concat(_frozen.Where(f => Is(f, layer)).Select(f => f.Substring(layer.Length) + "|").OrderBy(static f => f, StringComparer.Ordinal));

    private static IEnumerable<string> Frozen(BoundModel model) => Own(model).SelectMany(f => Sharing.OfBoth(model, f).Prepend(f)).Concat(Side.AreNamed(model) ? Side.All(model).SelectMany(static s => Own(s.Model).Select(f => Within(s, f))) : []);

    // What a Q-Former says of the tower that it reads is said of the whole's.
    private static string Within(Side side, string part) => side.Name == Side.BridgeName && Is(part, "image") ? part : side.Prefix + part;

    private static IEnumerable<string> Own(BoundModel model) => model.Attributes.OfType<FreezeAttribute>().SelectMany(static f => f.Parts);
}
