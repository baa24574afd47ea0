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
    public static int LengthOf(GoldenFiles files) => files.Inputs.Contains("input_ids") ? Math.Max(files.Inputs["input_ids"].Shape[1], Said(files).Shape[1]) : Said(files).Shape[1];

    /// <summary>What the decoder is to say, or in cases of generation alone what it reads.</summary>
    public static TensorEntry Said(GoldenFiles files) => files.Inputs[files.Inputs.Contains("labels") ? "labels" : "decoder_input_ids"];

    /// <summary>What an encoder of text takes of rows of one length.</summary>
    public static IEnumerable<(string Name, int[] Values)> Rows(ModelCore core, string tower, int[] ids, int[] mask, int length)
    {
        var rows = new Texts(ids.Length / length, length, core.Description.MaxLength);
        ids.CopyTo(rows.Ids, 0);
        mask.CopyTo(rows.Mask, 0);
        var table = core.Parameters.TryGetValue(tower + "embeddings.position.weight", out var positions) ? positions.Shape[0] : core.Description.MaxLength;
        return [(tower + "ids", rows.Ids), (tower + "mask", rows.Mask), (tower + "positions", rows.PositionsOrDefault(table - core.Description.MaxLength, table, byMask: false))];
    }

    public void AddTo(IDictionary<string, int[]> integers, IDictionary<string, long> scales)
    {
        if (_inputs.Contains("input_ids"))
        {
            Add("encoder.", Filled("input_ids", Padding), integers, "attention_mask");
        }

        if (!_inputs.Contains("labels"))
        {
            Add("decoder.", Filled("decoder_input_ids", Padding), integers, "decoder_attention_mask");
            return;
        }

        var labels = Filled("labels", -100);
        Add("decoder.", _inputs.Contains("decoder_input_ids") ? Filled("decoder_input_ids", Padding) : Later(labels), integers, "decoder_attention_mask");
        integers["targets"] = labels;
        scales["targets_scale"] = TargetCounts.Valid(labels);
    }

    private int Padding => _config.GetProperty("pad_token_id").GetInt32();

    private void Add(string tower, int[] ids, IDictionary<string, int[]> integers, string mask)
    {
        foreach (var (name, values) in Rows(model.Core, tower, ids, _inputs.Contains(mask) ? Filled(mask, 0) : [.. Enumerable.Repeat(1, ids.Length)], _length))
        {
            integers[name] = values;
        }
    }

    // The start token, then each label but the last.
    private int[] Later(int[] labels) => [.. labels.Select((_, i) => i % _length == 0 ? _config.GetProperty("decoder_start_token_id").GetInt32() : labels[i - 1] < 0 ? Padding : labels[i - 1])];

    private int[] Filled(string name, int filler)
    {
        var (stored, width) = (_inputs.ReadIntegers(name), _inputs[name].Shape[1]);
        return [.. Enumerable.Range(0, _inputs[name].Shape[0] * _length).Select(i => i % _length < width ? checked((int)stored[(i / _length * width) + (i % _length)]) : filler)];
    }

    private sealed class Texts(int count, int length, int most) : TokenBatch(count, length, int.MaxValue, most);
}
