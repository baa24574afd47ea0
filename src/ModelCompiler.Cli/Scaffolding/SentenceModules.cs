using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Cli.Scaffolding;

/// <summary>What sentence encoders say beside their model: how tokens become one vector, and what follows.</summary>
internal static class SentenceModules
{
    private const string Mode = "pooling_mode_";

    private static readonly (string Key, Pooling? Pooling)[] s_modes =
    [
        ("cls_token", Pooling.Cls), ("mean_tokens", Pooling.Mean), ("lasttoken", Pooling.Last), ("max_tokens", null), ("mean_sqrt_len_tokens", null), ("weightedmean_tokens", null),
    ];

    /// <summary>The result with the folder's way of pooling, or with what has no counterpart.</summary>
    public static ScaffoldResult Apply(string folder, ScaffoldResult result)
    {
        var notes = new List<string>();
        var unsupported = new List<string>();
        var pooling = Pool(folder, unsupported);
        Modules(folder, notes, unsupported);
        return result with
        {
            Spec = unsupported.Count > 0 || result.Spec is null ? null : pooling is { } p ? WithPooling(result.Spec, p) : result.Spec,
            Unsupported = [.. result.Unsupported, .. unsupported],
            Notes = notes,
        };
    }

    // One way alone: several are joined side by side.
    private static Pooling? Pool(string folder, List<string> unsupported)
    {
        var path = Path.Combine(folder, "1_Pooling", "config.json");
        if (!File.Exists(path))
        {
            return null;
        }

        var config = CheckpointFolder.ReadObject(path);
        var chosen = s_modes.Where(m => config.Flag(Mode + m.Key, false)).ToArray();
        unsupported.AddRange(config.Unsupported.Select(static u => "1_Pooling: " + u));
        if (chosen is [{ Pooling: { } pooling }])
        {
            return pooling;
        }

        var legal = $"one of {string.Join(", ", s_modes.Where(static m => m.Pooling is not null).Select(static m => Mode + m.Key))}";
        unsupported.Add($"1_Pooling: {(chosen.Length == 0 ? "no pooling_mode" : string.Join(", ", chosen.Select(static m => Mode + m.Key)))} = true (supported: {legal})");
        return null;
    }

    private static void Modules(string folder, List<string> notes, List<string> unsupported)
    {
        var path = Path.Combine(folder, "modules.json");
        if (!File.Exists(path))
        {
            return;
        }

        foreach (var module in CheckpointFolder.Read(path) as IReadOnlyList<object?> ?? [])
        {
            var type = (module as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("type");
            switch ((type as string)?.Split('.')[^1])
            {
                case "Transformer" or "Pooling":
                    break;
                case "Normalize":
                    notes.Add("modules.json ends in Normalize: divide each pooled vector by its length where the class is used; the model itself does not.");
                    break;
                default:
                    unsupported.Add($"modules.json: type = {ConfigFile.Json(type)} (supported: Transformer, Pooling, Normalize)");
                    break;
            }
        }
    }

    private static ModelSpec WithPooling(ModelSpec spec, Pooling pooling)
    {
        var first = spec.Attributes[0];
        var arguments = first.Arguments.Where(static a => a.Name is not ("Pooling" or "Pooler")).Append(new ArgumentSpec("Pooling", new SpecValue.Integer((long)pooling)));
        return spec with { Attributes = new([first with { Arguments = new(arguments) }, .. spec.Attributes.Skip(1)]) };
    }
}
