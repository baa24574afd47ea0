using System.Text.Json;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Golden;

/// <summary>
/// The texts of an encoder-decoder: what the encoder reads, and for the decoder the labels one token later. Both sides are filled up to one length with tokens that
/// no loss counts.
/// </summary>
internal sealed class GoldenSeq2Seq(IModel model, GoldenFiles files)
{
    private readonly SafetensorsFile _inputs = files.Inputs;
    private readonly int _length = LengthOf(files);
    private readonly JsonElement _config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(files.Folder, "config.json"))).RootElement;

    /// <summary>The longer side.</summary>
    public static int LengthOf(GoldenFiles files) => files.Inputs.Contains("input_ids") ? Math.Max(files.Inputs["input_ids"].Shape[1], files.Inputs["labels"].Shape[1]) : files.Inputs["labels"].Shape[1];

    public void AddTo(IDictionary<string, int[]> integers, IDictionary<string, long> scales)
    {
        if (_inputs.Contains("input_ids"))
        {
            Add("encoder.", "input_ids", Filled("input_ids", Padding), integers, "attention_mask");
        }

        var labels = Filled("labels", -100);
        Add("decoder.", "labels", _inputs.Contains("decoder_input_ids") ? Filled("decoder_input_ids", Padding) : Later(labels), integers, "decoder_attention_mask");
        integers["targets"] = labels;
        scales["targets_scale"] = TargetCounts.Valid(labels);
    }

    private int Padding => _config.GetProperty("pad_token_id").GetInt32();

    private void Add(string tower, string shaped, int[] ids, IDictionary<string, int[]> integers, string mask)
    {
        var rows = new Rows(_inputs[shaped].Shape[0], _length, model.Core.Description.MaxLength);
        ids.CopyTo(rows.Ids, 0);
        if (_inputs.Contains(mask))
        {
            Filled(mask, 0).CopyTo(rows.Mask, 0);
        }

        integers[tower + "ids"] = rows.Ids;
        integers[tower + "mask"] = rows.Mask;
        var table = model.Core.Parameters.TryGetValue(tower + "embeddings.position.weight", out var positions) ? positions.Shape[0] : model.Core.Description.MaxLength;
        integers[tower + "positions"] = rows.PositionsOrDefault(table - model.Core.Description.MaxLength, table, byMask: false);
    }

    // The start token, then each label but the last.
    private int[] Later(int[] labels) => [.. labels.Select((_, i) => i % _length == 0 ? _config.GetProperty("decoder_start_token_id").GetInt32() : labels[i - 1] < 0 ? Padding : labels[i - 1])];

    private int[] Filled(string name, int filler)
    {
        var (stored, width) = (_inputs.ReadIntegers(name), _inputs[name].Shape[1]);
        return [.. Enumerable.Range(0, _inputs[name].Shape[0] * _length).Select(i => i % _length < width ? checked((int)stored[(i / _length * width) + (i % _length)]) : filler)];
    }

    private sealed class Rows(int count, int length, int most) : TokenBatch(count, length, int.MaxValue, most);
}
