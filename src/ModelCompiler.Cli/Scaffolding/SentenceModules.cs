using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Cli.Scaffolding;

/// <summary>What sentence encoders say beside their model: how tokens become one vector, and what follows.</summary>
internal static class SentenceModules
{
    private const string Mode = "pooling_mode_";
    private const string Usual = "1_Pooling";

    private static readonly List<string> s_order = ["Transformer", "Pooling", "Normalize"];

    private static readonly (string Key, Pooling? Pooling)[] s_modes =
    [
        ("cls_token", Pooling.Cls), ("mean_tokens", Pooling.Mean), ("lasttoken", Pooling.Last), ("max_tokens", null), ("mean_sqrt_len_tokens", null), ("weightedmean_tokens", null),
    ];

    /// <summary>The result with the folder's way of pooling, or with what has no counterpart.</summary>
    public static ScaffoldResult Apply(string folder, ScaffoldResult result)
    {
        var notes = new List<string>();
        var unsupported = new List<string>();
        var pooling = Pool(folder, Modules(folder, notes, unsupported), unsupported);
        if (pooling is not null && result.Spec?.Attributes[0].Name is { } made && made is not ("TransformerEncoder" or "TransformerDecoder"))
        {
            unsupported.Add($"a folder of pooling beside a model with [{made}] (supported: beside one tower of text)");
        }

        return result with
        {
            Spec = unsupported.Count > 0 || result.Spec is null ? null : pooling is { } p ? WithPooling(result.Spec, p) : result.Spec,
            Unsupported = [.. result.Unsupported, .. unsupported],
            Notes = notes,
        };
    }

    // One way alone: several are joined side by side.
    private static Pooling? Pool(string folder, string? module, List<string> unsupported)
    {
        var path = Path.Combine(folder, module ?? Usual, "config.json");
        if (module is null && !File.Exists(path))
        {
            return null;
        }

        var config = CheckpointFolder.ReadObject(path);
        var chosen = s_modes.Where(m => config.Flag(Mode + m.Key, false)).ToArray();
        if (!config.Flag("include_prompt", true))
        {
            config.Fail<bool>("include_prompt", false, "true");
        }

        config.FailUnread(["word_embedding_dimension", "embedding_dimension"]);
        unsupported.AddRange(config.Unsupported.Select(u => $"{module ?? Usual}: {u}"));
        if (chosen is [{ Pooling: { } pooling }])
        {
            return pooling;
        }

        var legal = $"one of {string.Join(", ", s_modes.Where(static m => m.Pooling is not null).Select(static m => Mode + m.Key))}";
        unsupported.Add($"{module ?? Usual}: {(chosen.Length == 0 ? "no pooling_mode" : string.Join(", ", chosen.Select(static m => Mode + m.Key)))} = true (supported: {legal})");
        return null;
    }

    // The folder of the module that pools; null: there is none.
    private static string? Modules(string folder, List<string> notes, List<string> unsupported)
    {
        string? pooling = null;
        var place = -1;
        foreach (var module in ModuleList.Read(folder) ?? [])
        {
            var next = s_order.IndexOf(module.Type);
            if (next < 0)
            {
                unsupported.Add($"{ModuleList.FileName}: type = {ConfigFile.Json(module.Type)} (supported: {string.Join(", ", s_order)})");
            }
            else if (next <= place || (place < 0 && next > 0))
            {
                unsupported.Add($"{ModuleList.FileName}: {module.Type} {(place < 0 ? "first" : $"behind {s_order[place]}")} (supported: {string.Join(", then ", s_order)})");
            }

            place = Math.Max(place, next);
            switch (module.Type)
            {
                case "Transformer" when module.Path is { Length: > 0 } path:
                    unsupported.Add($"{ModuleList.FileName}: path = {ConfigFile.Json(path)} of Transformer (supported: \"\")");
                    break;
                case "Pooling":
                    pooling = module.Path ?? Usual;
                    break;
                case "Normalize":
                    notes.Add("modules.json ends in Normalize: divide each pooled vector by its length where the class is used; the model itself does not.");
                    break;
            }
        }

        return pooling;
    }

    private static ModelSpec WithPooling(ModelSpec spec, Pooling pooling)
    {
        var first = spec.Attributes[0];
        var arguments = first.Arguments.Where(static a => a.Name is not ("Pooling" or "Pooler")).Append(new ArgumentSpec("Pooling", new SpecValue.Integer((long)pooling)));
        return spec with { Attributes = new([first with { Arguments = new(arguments) }, .. spec.Attributes.Skip(1)]) };
    }
}
