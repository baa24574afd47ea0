using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Parts of the second tower that are the first's.</summary>
/// <param name="First">The name of the tower that has them.</param>
/// <param name="Parts">Names within a tower; empty: all.</param>
internal sealed record Sharing(string First, string Second, IReadOnlyList<string> Parts)
{
    /// <summary>The projection to the joint space, which stands beside its tower.</summary>
    private const string Projection = "projection";

    /// <summary>What a model shares; null: nothing.</summary>
    public static Sharing? Of(BoundModel model) => model.Get<ShareAttribute>() is { } share && model.Architecture is TowersAttribute && Side.Of(model) is [var first, var second]
        ? new Sharing(first.Name, second.Name, [.. share.Parts.Select(p => Within(p, second.Name) ?? Within(p, first.Name) ?? p)]) : null;

    /// <summary>The whole names of a part of each of two towers, by its name within one; nothing where there are not two.</summary>
    public static IEnumerable<string> OfBoth(BoundModel model, string part) => model.Architecture is TowersAttribute && Side.All(model) is [var first, var second]
        ? Whole(first.Name, part).Concat(Whole(second.Name, part)) : [];

    /// <summary>The first tower's name of what is shared; of all else its own.</summary>
    public string Home(string name) => Within(name, Second) is { } part && (Parts.Count == 0 || Parts.Any(p => PartNames.Is(part, p))) ? First + name.Substring(Second.Length) : name;

    /// <summary>The names under which all that is below a name is kept.</summary>
    public IEnumerable<string> Homes(string name) => Home(name) is var home && home != name ? [home] : [name, .. Shared.Where(s => PartNames.Is(s, name)).Select(Home)];

    /// <summary>The part of a tower that a name is of: <c>blocks.0.attention</c>; null where it is of another.</summary>
    public static string? Within(string name, string tower) => name.StartsWith(tower + ".", StringComparison.Ordinal) ? name.Substring(tower.Length + 1)
        : name.StartsWith($"{tower}_{Projection}", StringComparison.Ordinal) ? name.Substring(tower.Length + 1) : null;

    // Whole names of what the second tower has not itself.
    private IEnumerable<string> Shared => Parts.SelectMany(p => Whole(Second, p));

    private static string[] Whole(string tower, string part) => PartNames.Is(part, Projection) ? [$"{tower}_{part}", $"{tower}.{part}"] : [$"{tower}.{part}"];
}
