using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Layers;

/// <summary>Parts of the second tower that are the first's: parameters are kept under the first's names, whoever asks.</summary>
/// <param name="First">The name of the tower that has them.</param>
/// <param name="Parts">Names within a tower; empty: all.</param>
internal sealed record Sharing(string First, string Second, IReadOnlyList<string> Parts)
{
    /// <summary>The projection to the joint space, which stands beside its tower.</summary>
    public const string Projection = "projection";

    /// <summary>What a model shares; null: nothing.</summary>
    public static Sharing? Of(BoundModel model) => model.Get<ShareAttribute>() is { } share && model.Architecture is TowersAttribute && Side.Of(model) is [var first, var second]
        ? new Sharing(first.Name, second.Name, share.Parts) : null;

    /// <summary>The name under which a parameter, or a stack of layers, is kept. A copy of what is shared is shared as well.</summary>
    public string Home(string name)
    {
        var original = ModelBuilder.Original(name);
        return Within(original, Second) is { } part && Takes(part) ? name.Substring(0, name.Length - original.Length) + First + original.Substring(Second.Length) : name;
    }

    /// <summary>The part of a tower that a name is of: <c>blocks.0.attention</c>; null where it is of another.</summary>
    public static string? Within(string name, string tower) => name.StartsWith(tower + ".", StringComparison.Ordinal) ? name.Substring(tower.Length + 1)
        : name.StartsWith($"{tower}_{Projection}", StringComparison.Ordinal) ? name.Substring(tower.Length + 1) : null;

    private bool Takes(string part) => Parts.Count == 0 || Parts.Any(p => Is(part, p));

    /// <summary>Whether a name is a part, or below it.</summary>
    public static bool Is(string name, string part) => name == part || name.StartsWith(part + ".", StringComparison.Ordinal);
}
