using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Architectures;

/// <summary>The rules of shared parts: there are two towers, both have the part, and its shapes are the same.</summary>
internal static class SharingRules
{
    public static void Validate(BoundModel model, ProblemList p)
    {
        if (model.Get<ShareAttribute>() is not { } share)
        {
            return;
        }

        if (Sharing.Of(model) is not { } sharing)
        {
            p.Add(Rules.Conflict, share, "", "[Share] makes a part of one tower that of another, and this model is one tower: remove it");
            return;
        }

        var names = CheckpointFamily.Named(ArchitectureCatalogue.Unshared(model));
        var (first, second) = (Parts(names, sharing.First), Parts(names, sharing.Second));
        string[] all = [.. second.Keys.Select(Plain).Distinct()];
        if (all.Length == 0)
        {
            p.Add(Rules.Conflict, share, "", $"[Share] makes a part of one tower that of another, and '{sharing.Second}' has no parameters: remove it");
            return;
        }

        for (var i = 0; i < share.Parts.Length; i++)
        {
            var part = sharing.Parts[i];
            if (part.StartsWith("blocks.", StringComparison.Ordinal))
            {
                p.Add(Rules.Conflict, share, "parts", $"'{part}' is of some blocks, and blocks are shared all or none: name \"blocks\"", i);
            }
            else if (!all.Any(n => PartNames.Is(n, part)))
            {
                p.Add(Rules.UnknownPart, share, "parts", $"there is no part '{share.Parts[i]}' in '{sharing.Second}'; nearest: '{ParameterRules.Nearest(part, all)}'", i);
            }
            else
            {
                Shapes(share, sharing, Of(first, part), Of(second, part), i, p);
            }
        }

        if (share.Parts.Length == 0)
        {
            Shapes(share, sharing, first, second, 0, p);
        }
    }

    // The first difference says enough: one width that differs gives many.
    private static void Shapes(ShareAttribute share, Sharing sharing, IReadOnlyDictionary<string, int[]> first, IReadOnlyDictionary<string, int[]> second, int item, ProblemList p)
    {
        foreach (var name in first.Keys.Union(second.Keys))
        {
            var (one, other) = (Text(first, name), Text(second, name));
            if (one != other)
            {
                p.Add(Rules.Conflict, share, share.Parts.Length == 0 ? "" : "parts", $"'{Plain(name)}' is {one} in '{sharing.First}' and {other} in '{sharing.Second}', so it cannot be shared: give both towers the same sizes and options there, or leave the part out", item);
                return;
            }
        }
    }

    private static string Text(IReadOnlyDictionary<string, int[]> parts, string name) => parts.TryGetValue(name, out var shape) ? $"[{string.Join(", ", shape)}]" : "absent";

    private static IReadOnlyDictionary<string, int[]> Of(IReadOnlyDictionary<string, int[]> parts, string part) => parts.Where(e => PartNames.Is(Plain(e.Key), part)).ToDictionary(static e => e.Key, static e => e.Value);

    // A tower's own projection and that to the joint space differ in what stands before them alone.
    private static IReadOnlyDictionary<string, int[]> Parts(IEnumerable<NamedParameter> names, string tower) =>
        names.Where(n => Sharing.Within(n.Name, tower) is not null).ToDictionary(n => n.Name.Substring(tower.Length), static n => n.Shape);

    private static string Plain(string name) => name.Substring(1);
}
