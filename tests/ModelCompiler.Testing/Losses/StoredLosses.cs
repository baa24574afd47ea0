using System.Text.Json;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Testing;

/// <summary>Which loss a folder is of, by what its configuration says.</summary>
internal static class StoredLosses
{
    private static readonly SortedDictionary<string, Func<LossFolder, StoredLoss>> s_losses = new(StringComparer.Ordinal)
    {
        ["infonce-fixed"] = static f => new PairLoss(f, [("Scale", SimilarityScale.Fixed), ("Temperature", f.Real("temperature"))], Objective("Contrastive")),
        ["infonce-learned"] = static f => new PairLoss(f, [], Objective("Contrastive")),
        ["siglip"] = static f => new PairLoss(f, [("Bias", true)], Objective("PairwiseSigmoid")),
        ["multi-positive-ids"] = static f => new PairLoss(f, [("Scale", SimilarityScale.LearnedTemperature)], Objective("Contrastive", ("ByIds", true))) { Unformed = ["loss_i2t", "loss_t2i"] },
        ["clip-distillation"] = static f => new PairLoss(f, [], Objective("Contrastive"), Objective("SimilarityDistillation", ("TeacherWidth", f.Inputs["dist_image"].Shape[1]), ("TeacherScale", f.Real("dist_scale"))))
        {
            Unformed = ["contrastive_loss", "distill_loss"],
        },
        ["vse-sum"] = static f => Triplet(f, false),
        ["vse-hardest"] = static f => Triplet(f, true),
        ["infonce-queue"] = KeyLosses.Queue,
        ["soft-targets"] = KeyLosses.SoftTargets,
        ["multi-positive-captions"] = KeyLosses.SeveralTexts,
        ["supervised-contrastive"] = KeyLosses.Supervised,
        ["label-smoothing"] = KeyLosses.Smoothed,
        ["focal"] = KeyLosses.Focal,
        ["kl-distillation"] = KeyLosses.Taught,
    };

    /// <summary>Whether a folder's configuration is of a loss, and not of a model.</summary>
    public static bool Is(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.ValueKind == JsonValueKind.Object && (IsNamed(json.RootElement) || IsMargin(json.RootElement) || IsMomentum(json.RootElement));
        }
        catch (JsonException)
        {
            return false; // whoever reads it as a model's says what is wrong
        }
    }

    /// <summary>The loss of a folder.</summary>
    /// <exception cref="NotSupportedException">It has no counterpart here; the message names the key.</exception>
    public static StoredLoss Of(LossFolder folder)
    {
        var loss = IsNamed(folder.Config) ? Named(folder) : IsMomentum(folder.Config) ? new MomentumLoss(folder) : Margin(folder);
        return folder.Unread.Select(static p => $"{p.Name} = {p.Value.GetRawText()} (no counterpart)").ToArray() is { Length: > 0 } unread ? throw new NotSupportedException(string.Join("; ", unread)) : loss;
    }

    private static bool IsNamed(JsonElement config) => config.TryGetProperty("loss", out var name) && name.ValueKind == JsonValueKind.String;

    private static bool IsMargin(JsonElement config) => Has(config, "margin", "measure", "max_violation");

    private static bool IsMomentum(JsonElement config) => Has(config, "K", "T", "m", "mlp");

    private static bool Has(JsonElement config, params string[] keys) => keys.All(k => config.TryGetProperty(k, out _));

    private static StoredLoss Named(LossFolder folder) => s_losses.TryGetValue(folder.Text("loss"), out var loss) ? loss(folder)
        : throw new NotSupportedException($"loss = {folder.Text("loss")} (supported: {string.Join(", ", s_losses.Keys)})");

    // VSE++'s own configuration, of vectors that are given.
    private static StoredLoss Margin(LossFolder folder)
    {
        var measure = folder.Text("measure") switch
        {
            "cosine" => SimilarityMeasure.Cosine,
            "order" => SimilarityMeasure.Order,
            var other => throw new NotSupportedException($"measure = {other} (supported: cosine, order)"),
        };

        if (folder.Config.TryGetProperty("word_dim", out var words))
        {
            throw new NotSupportedException($"word_dim = {words.GetRawText()} (a GRU over words has no counterpart; supported: vectors im and s that are given)");
        }

        folder.Require("embed_size", folder.Model["im"].Shape[1]);
        return Triplet(folder, folder.Flag("max_violation"), measure);
    }

    private static PairLoss Triplet(LossFolder folder, bool hardest, SimilarityMeasure measure = SimilarityMeasure.Cosine) =>
        new(folder, [("Scale", SimilarityScale.None), ("Measure", measure)], Objective("Triplet", ("Margin", folder.Real("margin")), ("Hardest", hardest)));

    private static AttributeSpec Objective(string name, params (string, object)[] arguments) => ModelCases.Attribute(name, arguments);
}
