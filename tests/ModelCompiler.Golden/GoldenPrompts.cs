using System.Text.Json;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Golden;

/// <summary>
/// What a run of generation begins with: prompts, or a source of which the model speaks, or both. In the reference padding stands before the tokens of a picture, in ours behind them;
/// neither positions nor what is seen changes.
/// </summary>
internal sealed class GoldenPrompts
{
    private readonly int[] _padding;
    private readonly int _prefix;

    public GoldenPrompts(GoldenFiles files, ModelCore core, JsonElement run)
    {
        var decoder = core.Description.Decoder!;
        var ids = Find(run, "prompt") ?? Find(run, "input_ids");
        var mask = Find(run, "attention_mask") ?? ids?.Select(static r => Array.ConvertAll(r, static _ => 1)).ToArray();
        _prefix = decoder.Prefix;
        _padding = _prefix == 0 ? [] : Array.ConvertAll(mask!, static r => r.IndexOf(1));
        if (decoder.Memory == 0)
        {
            var inputs = GoldenSeq2Seq.Rows(core, "encoder.", [.. ids!.SelectMany(static r => r)], [.. mask!.SelectMany(static r => r)], ids![0].Length);
            Source = new GenerationSource(ids.Length, ids[0].Length, () => inputs.ToList().ForEach(i => core.SetInput(i.Name, i.Values)));
            return;
        }

        if (decoder.ReadsSource)
        {
            var pictures = files.Inputs.Read("pixel_values");
            var count = files.Inputs["pixel_values"].Shape[0];
            var name = core.Description.Inputs.First(static i => i.Name.EndsWith(".pictures", StringComparison.Ordinal)).Name;
            Source = new GenerationSource(ids?.Length ?? count, 1, () => core.SetInput(name, pictures[..(pictures.Length / count * Source!.Count)]));
        }

        if (ids is not null)
        {
            Prompts = new PromptRows(ids.Length, ids[0].Length, decoder);
            ids.SelectMany(Ours).ToArray().CopyTo(Prompts.Ids, 0);
            mask!.SelectMany(Ours).ToArray().CopyTo(Prompts.Mask, 0);
        }
    }

    public GenerationSource? Source { get; }

    public TokenBatch? Prompts { get; }

    /// <summary>A row of the reference in our order.</summary>
    public int[] Ours(int[] ids, int row) => _prefix == 0 ? ids : [.. ids.AsSpan(_padding[row], _prefix), .. ids.AsSpan(0, _padding[row]), .. ids.AsSpan(_padding[row] + _prefix)];

    public static int[][] Rows(JsonElement rows) => [.. rows.EnumerateArray().Select(static r => r.EnumerateArray().Select(static v => v.GetInt32()).ToArray())];

    // Some cases have them among the arguments.
    private static int[][]? Find(JsonElement run, string name) => run.TryGetProperty(name, out var rows) || run.GetProperty("args").TryGetProperty(name, out rows) ? Rows(rows) : null;

    private sealed class PromptRows(int count, int length, DecoderInfo decoder) : TokenBatch(count, length, decoder.Vocabulary, decoder.Context, decoder.Prefix);
}
