using System.Text.Json;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Golden;

/// <summary>What a case generates: ids equal, scores of beams near, and probabilities of the next token behind the filters.</summary>
internal static class GoldenGeneration
{
    /// <summary>What the outputs of filters are named.</summary>
    public const string Probabilities = "probabilities.";

    /// <param name="scores">Takes the scores of all rows.</param>
    public static GoldenError Compare(GoldenFiles files, ModelCore core, float[] logits, List<double> scores)
    {
        var error = default(GoldenError);
        foreach (var run in files.Generations)
        {
            var name = run.GetProperty("name").GetString()!;
            var options = Options(run.GetProperty("args"), isOriginal: run.TryGetProperty("prompt", out _));
            error = run.TryGetProperty("output", out var output)
                ? error.Or(Filtered(files, core, options, output.GetString()!, logits) / files.Tolerance("outputs"), name)
                : error.Or(Generated(files, core, options, run, scores), name);
        }

        return error;
    }

    private static double Generated(GoldenFiles files, ModelCore core, GenerationOptions options, JsonElement run, List<double> all)
    {
        var prompts = new GoldenPrompts(files, core, run);
        var results = Generator.Run(core, prompts.Source, prompts.Prompts, options);
        all.AddRange(results.Select(static r => r.Score));
        var expected = GoldenPrompts.Rows(run.GetProperty("ids"));
        expected = [.. expected.Select((row, i) => prompts.Ours(row, i / options.Results))];
        if (results.Count != expected.Length || !results.Zip(expected).All(static p => p.First.Ids.SequenceEqual(p.Second)))
        {
            return double.PositiveInfinity;
        }

        var scores = (run.TryGetProperty("scores", out var given) || run.TryGetProperty("sequences_scores", out given)) && given.ValueKind == JsonValueKind.Array ? given.EnumerateArray().Select(static s => s.GetDouble()).ToArray() : [];
        return scores.Select((s, i) => Math.Abs(s - results[i].Score) / files.Tolerance("outputs")).DefaultIfEmpty(0).Max();
    }

    // Of the last position of each row of the case's inputs.
    private static double Filtered(GoldenFiles files, ModelCore core, GenerationOptions options, string output, float[] logits)
    {
        var expected = files.Outputs.ReadDoubles(output);
        var vocabulary = core.Description.Decoder!.Vocabulary;
        var rows = expected.Length / vocabulary;
        var filters = new ScoreFilters(options, vocabulary, prompt: 0, length: int.MaxValue);
        var largest = 0.0;
        for (var row = 0; row < rows; row++)
        {
            var scores = Array.ConvertAll(logits.AsSpan(((row + 1) * (logits.Length / rows)) - vocabulary, vocabulary).ToArray(), static v => (double)v);
            filters.Narrow(scores);
            LogSoftmax.Apply(scores);
            largest = Math.Max(largest, scores.Select((s, i) => Math.Abs(Math.Exp(s) - expected[(row * vocabulary) + i])).Max());
        }

        return largest;
    }

    // Its own code draws one of the top_k, and crops what is longer than its context.
    private static GenerationOptions Options(JsonElement args, bool isOriginal)
    {
        var o = new GenerationOptions { Sample = isOriginal, CropContext = isOriginal };
        foreach (var arg in args.EnumerateObject())
        {
            var value = arg.Value;
            o = arg.Name switch
            {
                "max_new_tokens" => o with { MaxNewTokens = value.GetInt32() },
                "min_new_tokens" => o with { MinNewTokens = value.GetInt32() },
                "do_sample" => o with { Sample = value.GetBoolean() },
                "decoder_start_token_id" => o with { StartToken = value.GetInt32() },
                "eos_token_id" => o with { StopTokens = [value.GetInt32()] },
                "pad_token_id" => o with { PaddingToken = value.GetInt32() },
                "num_beams" => o with { Beams = value.GetInt32() },
                "num_return_sequences" => o with { Results = value.GetInt32() },
                "length_penalty" => o with { LengthPenalty = value.GetDouble() },
                "early_stopping" => o with { EarlyStopping = value.ValueKind switch { JsonValueKind.True => EarlyStopping.On, JsonValueKind.False => EarlyStopping.Off, _ => EarlyStopping.Never } },
                "temperature" => o with { Temperature = value.GetDouble() },
                "top_k" => o with { TopK = value.GetInt32() },
                "top_p" => o with { TopP = value.GetDouble() },
                "repetition_penalty" => o with { RepetitionPenalty = value.GetDouble() },
                "no_repeat_ngram_size" => o with { NoRepeatNgram = value.GetInt32() },
                "forced_bos_token_id" => o with { ForcedFirstToken = value.GetInt32() },
                "forced_eos_token_id" => o with { ForcedLastToken = value.GetInt32() },
                "bos_token_id" or "pixel_values" or "input_ids" or "attention_mask" => o, // said besides, or what a row begins with
                _ => throw new UnsupportedException($"generation's {arg.Name}"),
            };
        }

        return o;
    }
}
