using ModelCompiler.Runtime;

namespace ModelCompiler.Golden;

/// <summary>Outputs of a case: the largest difference over the root mean square.</summary>
internal static class GoldenOutputs
{
    public static GoldenError Compare(GoldenFiles files, ModelCore core, GoldenBatch batch)
    {
        var error = default(GoldenError);
        foreach (var tensor in files.Outputs.Tensors.Where(static t => !t.Name.StartsWith(GoldenGeneration.Probabilities, StringComparison.Ordinal)))
        {
            var expected = files.Outputs.ReadDoubles(tensor.Name);
            expected = IsFeatures(tensor.Name) ? Unit(expected, tensor.Shape[^1]) : expected;
            error = Find(core, tensor.Name, batch) is { } actual
                ? error.Or(Difference(expected, actual, tensor.Shape, batch) / files.Tolerance("outputs"), tensor.Name)
                : error.Or(double.PositiveInfinity, $"{tensor.Name} is no output of ours");
        }

        return error;
    }

    private static double[]? Find(ModelCore core, string name, GoldenBatch batch) => name switch
    {
        _ when core.Description.Checkpoint.Format is "LavisBlip2" or "HuggingFaceBlip2Retrieval" => Queries(core, name),
        "embedding_output" => HiddenState(core, 0),
        "first_layer" or "hidden_after_first_layer" => HiddenState(core, 1),
        "last_hidden_state" or "hidden_after_ln_f" => Read(core, "hidden"),
        // A tower alone has one vector a sample.
        "image_embeds" => Read(core, "image_features") ?? Read(core, "pooled"),
        "text_embeds" => Read(core, "text_features") ?? Read(core, "pooled"),
        "image_features" or "text_features" => Read(core, name),
        "logits_per_image" => Read(core, "logits"),
        "logits_per_text" => Transposed(Read(core, "logits"), batch.Batch),
        "vision_after_ln_pre" => HiddenState(core, 0, "image"),
        "vision_after_first_layer" => HiddenState(core, 1, "image"),
        "text_after_first_layer" => HiddenState(core, 1, "text"),
        "vision_last_hidden" => Read(core, "image_hidden"),
        "text_last_hidden" => Read(core, "text_hidden"),
        "vision_pooled" => Read(core, "image_pooled"),
        "encoder_last_hidden_state" or "decoder_last_hidden_state" => Read(core, name.Replace("_last_hidden_state", "_hidden")),
        "negative_log_likelihood" => Read(core, name),
        "vision" => Read(core, "image_hidden"),
        "vision_model.encoder.layers.0" => HiddenState(core, 1, "image"),
        "qformer" => Read(core, "qformer_hidden"),
        "qformer.encoder.layer.0" => HiddenState(core, 1, core.HasOutput("qformer_hidden") ? "qformer" : null),
        "language_projection" => Read(core, "projected"),
        _ when name.Split('.') is ["encoder_hidden_states" or "decoder_hidden_states", var layer] => HiddenState(core, int.Parse(layer, System.Globalization.CultureInfo.InvariantCulture), name[..7]),
        _ when name.Split('.') is ["encoder" or "decoder", var inner] => Tower(core, name[..7], inner),
        _ when name.Split('.') is ["vision" or "text", var inner] => Tower(core, name.StartsWith("text", StringComparison.Ordinal) ? "text" : "image", inner),
        "pooler_output" or "pooled" => Read(core, "pooled"),
        "logits" or "prediction_logits" => Read(core, "logits"),
        "cls_logits" => Read(core, "class_logits"),
        "distillation_logits" => Read(core, name),
        "seq_relationship_logits" => Read(core, "next_sentence_logits"),
        "masked_lm_loss" => Read(core, "masked_loss"),
        "next_sentence_loss" => Read(core, "next_sentence_loss"),
        "loss" => Read(core, "loss"),
        "logits_without_targets" => LastTokens(Read(core, "logits")!, batch),
        _ when name.StartsWith("hidden_states.", StringComparison.Ordinal) && int.TryParse(name["hidden_states.".Length..], out var number) => HiddenState(core, number),
        _ => null,
    };

    private static double[]? Read(ModelCore core, string name) => core.HasOutput(name) ? Array.ConvertAll(core.Output(name), static v => (double)v) : null;

    // A Q-Former beside texts.
    private static double[]? Queries(ModelCore core, string name) => name switch
    {
        "image_embeds" when core.Description.Checkpoint.Format == "LavisBlip2" => Read(core, "image_hidden"),
        "image_embeds" => Read(core, "image_features"),
        "text_embeds" => Read(core, "text_features"),
        "vision" => Read(core, "image_hidden"),
        "itc_text" => Read(core, "text_hidden"),
        "itm_qformer" => Beside(core, "matching_query_hidden", "matching_text_hidden"),
        "itc_logits" => [.. Read(core, "logits")!.Select(static v => v * 0.07)], // theirs are cosines
        "itm_logits" when !core.HasOutput("matching_logits") => Read(core, "match_logits"),
        _ when name.StartsWith("vision_model.encoder.layers.0.", StringComparison.Ordinal) => HiddenState(core, 1, "image"),
        "image_feats" => Read(core, "image_features"),
        "text_feat" => Read(core, "text_features"),
        "sim_i2t" => Read(core, "logits"),
        "query_last_hidden" => Read(core, "qformer_hidden"),
        "query_after_first_layer" => HiddenState(core, 1, "qformer"),
        "text_last_hidden" => Read(core, "text_hidden"),
        "text_after_first_layer" => HiddenState(core, 1, "text"),
        "itm_last_hidden" => Beside(core, "matching_query_hidden", "matching_text_hidden"),
        "itm_logits" => Read(core, "matching_logits"),
        "lm_last_hidden" => Read(core, "said_hidden"),
        "lm_logits" => Read(core, "said_logits"),
        "negative_image_of_each_text" => Chosen(core, "image_choice"),
        "negative_text_of_each_image" => Chosen(core, "text_choice"),
        "loss" => Read(core, name),
        "loss_itc" => Read(core, "contrastive_loss"),
        "loss_itm" => Read(core, "matching_loss"),
        "loss_lm" => Read(core, "text_loss"),
        _ => null,
    };

    // Two sequences of each sample, one behind the other.
    private static double[]? Beside(ModelCore core, string first, string second)
    {
        var samples = core.Output(core.HasOutput("matching_logits") ? "matching_logits" : "match_logits").Length / 2;
        var (a, b) = (Read(core, first)!, Read(core, second)!);
        return [.. Enumerable.Range(0, samples).SelectMany(s => a.Skip(s * (a.Length / samples)).Take(a.Length / samples).Concat(b.Skip(s * (b.Length / samples)).Take(b.Length / samples)))];
    }

    // The column of each row's 1.
    private static double[] Chosen(ModelCore core, string choice)
    {
        var side = (int)Math.Sqrt(core.Output(choice).Length);
        return [.. core.Output(choice).Chunk(side).Select(static row => (double)Array.IndexOf(row, 1f))];
    }

    // The input of block n; behind the last block, its output.
    private static double[]? HiddenState(ModelCore core, int number, string? tower = null)
    {
        var all = Read(core, tower is null ? "hidden_states" : tower + "_hidden_states")!;
        var layers = core.LayerCount(tower is null ? "blocks" : tower + ".blocks") + 1;
        var size = all.Length / layers;
        return number < layers ? all.AsSpan(number * size, size).ToArray() : null;
    }

    // What a tower of two computed on the way.
    private static double[]? Tower(ModelCore core, string tower, string name) => name switch
    {
        "embedding_output" => HiddenState(core, 0, tower),
        "first_layer" => HiddenState(core, 1, tower),
        "last_block" => HiddenState(core, core.LayerCount(tower + ".blocks"), tower),
        "last_hidden_state" => Read(core, tower + "_hidden"),
        "pooled" or "pooler_output" => Read(core, tower + "_pooled"),
        _ => null,
    };

    // Ours are unit vectors; OpenAI's code gives them as they are projected.
    private static bool IsFeatures(string name) => name is "image_features" or "text_features";

    private static double[] Unit(double[] rows, int width) => [.. rows.Chunk(width).SelectMany(static row => row.Select(v => v / Math.Sqrt(row.Sum(static x => x * x))))];

    private static double[]? Transposed(double[]? square, int side) => square is null ? null : [.. Enumerable.Range(0, square.Length).Select(i => square[(i % side * side) + (i / side)])];

    private static double[] LastTokens(double[] logits, GoldenBatch batch)
    {
        var width = logits.Length / (batch.Batch * batch.Length);
        return [.. Enumerable.Range(0, batch.Batch).SelectMany(b => logits.Skip(((((b + 1) * batch.Length) - 1) * width)).Take(width))];
    }

    // A side of an encoder-decoder that is the shorter one is filled up to the length of the other.
    private static double[] Beginning(double[] actual, int[] shape, GoldenBatch batch) => shape is [var rows, var tokens, var width] && rows == batch.Batch && tokens < batch.Length && actual.Length == rows * batch.Length * width
        ? [.. Enumerable.Range(0, rows).SelectMany(r => actual.AsSpan(r * batch.Length * width, tokens * width).ToArray())]
        : actual;

    private static double Difference(double[] expected, double[] actual, int[] shape, GoldenBatch batch)
    {
        actual = Beginning(actual, shape, batch);
        if (expected.Length != actual.Length)
        {
            return double.PositiveInfinity;
        }

        var isTokens = batch.Mask is not null && shape.Length >= 2 && shape[0] == batch.Batch && shape[1] == batch.Length;
        var width = isTokens ? expected.Length / batch.Mask!.Length : 1;
        var largest = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            // What padding computes where it sees no key means nothing: it is stored as 0.
            var isLeftOut = isTokens && batch.Mask![i / width] == 0 && expected.AsSpan(i / width * width, width).IndexOfAnyExcept(0.0) < 0;
            var difference = isLeftOut ? 0 : Math.Abs(expected[i] - actual[i]);
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }

        return largest / Math.Sqrt(expected.Sum(static v => v * v) / expected.Length);
    }
}
