using System.Text.Json;
using ModelCompiler.Data;

namespace ModelCompiler.Testing;

/// <summary>Compares a tokenizer with the stored answers of its reference, call by call. What differs is told in a line each.</summary>
internal static class TokenizerCases
{
    /// <summary>Strings: ids, tokens, spans, and text decoded with and without special tokens.</summary>
    /// <returns>Also the answers that are passed over, and why; null: none.</returns>
    public static (int Cases, IReadOnlyList<string> Wrong, string? PassedOver) Strings(Tokenizer tokenizer, string path)
    {
        var wrong = new List<string>();
        var (cases, others) = (0, 0);
        foreach (var line in File.ReadLines(path))
        {
            using var json = JsonDocument.Parse(line);
            var expected = json.RootElement;
            var text = expected.GetProperty("text").GetString()!;
            var row = tokenizer.Encode(text);
            cases++;
            others += expected.TryGetProperty("same", out var same) && !same.GetBoolean() ? 1 : 0;
            var found = new[]
            {
                Differs("ids", Ints(expected.GetProperty("ids")), row.Ids),
                Differs("ids without spans", row.Ids, tokenizer.EncodeToIds(text)),
                Differs("tokens", Strings(expected.GetProperty("tokens")), row.Tokens),
                Differs("offsets", Spans(expected.GetProperty("offsets_utf16")), row.Spans),
                Differs("offsets in code points", Spans(expected.GetProperty("offsets_code_points")), row.Spans.Select((s, i) => row.Texts[i] is null ? s : CodePoints(text, s))),
                Differs("decoded", [expected.GetProperty("decoded").GetString()!], [tokenizer.Decode(row.Ids, skipSpecialTokens: false)]),
                Differs("decoded without special tokens", [expected.GetProperty("decoded_skip_special").GetString()!], [tokenizer.Decode(row.Ids)]),
            };
            if (found.OfType<string>().FirstOrDefault() is { } difference)
                wrong.Add($"{JsonSerializer.Serialize(text)}: {difference}");
        }

        return (cases, wrong, others == 0 ? null : $"{others} answers of open_clip that differ from transformers', as it repairs texts first");
    }

    /// <summary>Batches: rows, masks, segments, spans, or the refusal; of open_clip, which pads with the token 0, the ids.</summary>
    public static (int Cases, IReadOnlyList<string> Wrong) Batches(Tokenizer tokenizer, string path)
    {
        var wrong = new List<string>();
        var cases = 0;
        foreach (var line in File.ReadLines(path))
        {
            using var json = JsonDocument.Parse(line);
            var call = json.RootElement;
            var name = call.GetProperty("name").GetString()!;
            cases++;
            if (Batch(tokenizer, call) is { } difference)
                wrong.Add($"batch '{name}': {difference}");
        }

        return (cases, wrong);
    }

    private static string? Batch(Tokenizer tokenizer, JsonElement call)
    {
        var isOpenClip = call.GetProperty("name").GetString()!.StartsWith("open_clip", StringComparison.Ordinal);
        var isRefused = call.TryGetProperty("error", out _);
        EncodedBatch batch;
        try
        {
            batch = tokenizer.EncodeBatch(Strings(call.GetProperty("texts")), call.TryGetProperty("pairs", out var pairs) && pairs.ValueKind == JsonValueKind.Array ? Strings(pairs) : null, Options(call.GetProperty("options"), tokenizer.Vocabulary[0]));
        }
        catch (ArgumentException e)
        {
            return isRefused ? null : $"refused: {e.Message}";
        }

        if (isRefused)
            return "should have been refused";
        var differences = new List<string?>
        {
            Rows("input_ids", static r => r.Ids),
            Rows("attention_mask", static r => r.Mask),
            Rows("special_tokens_mask", static r => r.SpecialMask),
            Rows("sequence_ids", static r => r.Texts.Select(static t => t ?? -1)),
        };
        if (call.TryGetProperty("token_type_ids", out _))
            differences.Add(Rows("token_type_ids", static r => r.Segments));
        if (call.TryGetProperty("offsets_utf16", out var spans))
            differences.AddRange(spans.EnumerateArray().Zip(batch.Rows, static (s, row) => (s, row)).Select(static (pair, i) => Differs($"row {i}: offsets", Spans(pair.s), pair.row.Spans)));
        if (call.TryGetProperty("overflow_to_sample_mapping", out var samples))
            differences.Add(Differs("samples", Ints(samples), batch.Samples));
        return differences.OfType<string>().FirstOrDefault();

        string? Rows(string field, Func<EncodedText, IEnumerable<int>> of)
        {
            if (isOpenClip && field != "input_ids")
                return null;
            var rows = call.GetProperty(field).EnumerateArray().ToArray();
            return rows.Length != batch.Rows.Count
                ? $"{batch.Rows.Count} rows, and {rows.Length} expected"
                : rows.Select((row, i) => Differs($"row {i}: {field}", Ints(row), of(batch.Rows[i]))).OfType<string>().FirstOrDefault();
        }
    }

    private static EncodeOptions Options(JsonElement json, string? firstToken)
    {
        var options = new EncodeOptions();
        foreach (var option in json.EnumerateObject())
        {
            options = (option.Name, option.Value) switch
            {
                ("context_length", var v) => options with { MaxLength = v.GetInt32(), Truncation = TokenTruncation.LongestFirst, Padding = TokenPadding.MaxLength, PadToken = firstToken },
                ("add_special_tokens", var v) => options with { AddSpecialTokens = v.GetBoolean() },
                ("padding", var v) => options with { Padding = v.GetString() == "longest" ? TokenPadding.Longest : TokenPadding.MaxLength },
                ("padding_side", var v) => options with { PaddingSide = v.GetString() == "left" ? TokenSide.Left : TokenSide.Right },
                ("pad_to_multiple_of", var v) => options with { MultipleOf = v.GetInt32() },
                ("max_length", var v) => options with { MaxLength = v.GetInt32() },
                ("stride", var v) => options with { Stride = v.GetInt32() },
                ("return_overflowing_tokens", var v) => options with { KeepsOverflow = v.GetBoolean() },
                ("truncation_side", var v) => options with { TruncationSide = v.GetString() == "left" ? TokenSide.Left : TokenSide.Right },
                ("truncation", { ValueKind: JsonValueKind.True }) => options with { Truncation = TokenTruncation.LongestFirst },
                ("truncation", { ValueKind: JsonValueKind.String } v) => options with
                {
                    Truncation = v.GetString() switch { "only_first" => TokenTruncation.OnlyFirst, "only_second" => TokenTruncation.OnlySecond, _ => TokenTruncation.LongestFirst },
                },
                _ => throw new NotSupportedException($"the option {option.Name}"),
            };
        }

        return options;
    }

    private static string? Differs<T>(string what, IEnumerable<T> expected, IEnumerable<T> found)
    {
        T[] wanted = [.. expected], got = [.. found];
        if (wanted.SequenceEqual(got))
            return null;
        var at = wanted.Zip(got).TakeWhile(static p => EqualityComparer<T>.Default.Equals(p.First, p.Second)).Count();
        return $"{what} differ at {at} of {wanted.Length}: {Show(got, at)} instead of {Show(wanted, at)}";
    }

    private static string Show<T>(T[] items, int at) => at < items.Length ? JsonSerializer.Serialize(items[at] is string text ? text : items[at]!.ToString()) : "the end";

    // A span inside a character, as tokens of single bytes have none, would be seen in UTF-16.
    private static TextSpan CodePoints(string text, TextSpan span) => new(Count(text, span.Start), Count(text, span.End));

    private static int Count(string text, int end) => text.AsSpan(0, end).Length - text.AsSpan(0, end).ToString().Count(char.IsLowSurrogate);

    private static int[] Ints(JsonElement json) => [.. json.EnumerateArray().Select(static i => i.ValueKind == JsonValueKind.Null ? -1 : i.GetInt32())];

    private static string[] Strings(JsonElement json) => [.. json.EnumerateArray().Select(static i => i.GetString()!)];

    private static TextSpan[] Spans(JsonElement json) => [.. json.EnumerateArray().Select(static i => new TextSpan(i[0].GetInt32(), i[1].GetInt32()))];
}
