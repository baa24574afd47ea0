using System.Text.Json;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime.Generation;

/// <summary>What the files of a checkpoint folder say of generation: a key of the first that has it, top level before that of the part that speaks.</summary>
internal sealed class GenerationFile(IReadOnlyList<(string Path, JsonElement Root)> files)
{
    private static readonly string[] s_parts = ["decoder", "text_config"];

    /// <exception cref="CheckpointException">There is neither file, or one is no JSON, or has a value of another kind.</exception>
    public static GenerationOptions Read(string folder)
    {
        var paths = new[] { "generation_config.json", "config.json" }.Select(f => Path.Combine(folder, f)).Where(File.Exists).ToArray();
        return paths.Length > 0 ? new GenerationFile([.. paths.Select(static p => (p, JsonFile.Read(p, static root => root.Clone())))]).Options()
            : throw new CheckpointException($"{folder} has neither generation_config.json nor config.json.");
    }

    private GenerationOptions Options()
    {
        var o = new GenerationOptions();
        return o with
        {
            StartToken = Start(),
            StopTokens = Take("eos_token_id", "a number or several", static v => v.ValueKind == JsonValueKind.Array ? v.EnumerateArray().Select(static i => i.GetInt32()).ToArray() : [v.GetInt32()]) ?? [],
            PaddingToken = Integer("pad_token_id"),
            ForcedFirstToken = Integer("forced_bos_token_id"),
            ForcedLastToken = Integer("forced_eos_token_id"),
            MaxNewTokens = Integer("max_new_tokens"),
            MaxLength = Integer("max_length"),
            MinNewTokens = Integer("min_new_tokens") ?? o.MinNewTokens,
            MinLength = Integer("min_length") ?? o.MinLength,
            Beams = Integer("num_beams") ?? o.Beams,
            Results = Integer("num_return_sequences") ?? o.Results,
            LengthPenalty = Real("length_penalty") ?? o.LengthPenalty,
            EarlyStopping = Value("early_stopping", "true, false or \"never\"", static v => v.ValueKind == JsonValueKind.String && v.GetString() == "never" ? EarlyStopping.Never : v.GetBoolean() ? EarlyStopping.On : EarlyStopping.Off) ?? o.EarlyStopping,
            Sample = Value("do_sample", "true or false", static v => v.GetBoolean()) ?? o.Sample,
            Temperature = Real("temperature") ?? o.Temperature,
            TopK = Integer("top_k") ?? o.TopK,
            TopP = Real("top_p") ?? o.TopP,
            RepetitionPenalty = Real("repetition_penalty") ?? o.RepetitionPenalty,
            NoRepeatNgram = Integer("no_repeat_ngram_size") ?? o.NoRepeatNgram,
            BadTokens = Take("bad_words_ids", "lists of numbers", static v => v.EnumerateArray().Select(static s => s.EnumerateArray().Select(static i => i.GetInt32()).ToArray()).ToArray()) ?? o.BadTokens,
        };
    }

    // Behind a picture a text begins as any other does.
    private int? Start() => Integer("decoder_start_token_id") ?? (files[^1].Root.TryGetProperty("qformer_config", out _) ? Integer("bos_token_id") : null);

    private int? Integer(string key) => Value(key, "a whole number", static v => v.GetInt32());

    private double? Real(string key) => Value(key, "a number", static v => v.GetDouble());

    private T? Value<T>(string key, string legal, Func<JsonElement, T> take)
        where T : struct => Find(key, legal, v => (T?)take(v));

    private T? Take<T>(string key, string legal, Func<JsonElement, T> take)
        where T : class => Find(key, legal, take);

    private T? Find<T>(string key, string legal, Func<JsonElement, T?> take)
    {
        foreach (var (path, root) in files)
        {
            foreach (var part in s_parts.Select(p => root.ValueKind == JsonValueKind.Object && root.TryGetProperty(p, out var inner) ? inner : default).Prepend(root))
            {
                if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null)
                {
                    try
                    {
                        return take(value);
                    }
                    catch (Exception e) when (e is InvalidOperationException or FormatException)
                    {
                        throw new CheckpointException($"{path}: {key} is {UntrustedText.Show(value.ToString())}; legal is {legal}.", e);
                    }
                }
            }
        }

        return default;
    }
}
