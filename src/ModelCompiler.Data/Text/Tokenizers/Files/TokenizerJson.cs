using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Reads <c>tokenizer.json</c>, strictly: what has no counterpart is named, and nothing is left out.</summary>
internal static class TokenizerJson
{
    private const string Version = "1.0";

    // Deep enough for sequences in sequences, and an end to what is made to be deep.
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 32 };

    /// <param name="name">What errors call the file.</param>
    /// <param name="settings">What lies beside it, which has to agree; null: nothing.</param>
    public static Tokenizer Read(ReadOnlyMemory<byte> utf8, string name, TokenizerSettings? settings = null)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8, s_options);
            var tokenizer = Read(new JsonFields(json.RootElement, name), settings);
            if (settings is not null)
                SettingsCheck.Require(tokenizer, settings);
            return tokenizer;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"{name}: {Found.Reason(e)}", e);
        }
    }

    private static Tokenizer Read(JsonFields file, TokenizerSettings? settings)
    {
        if (file.KindOf("model") is not (JsonValueKind.Object or JsonValueKind.Null))
            throw file.Error("model", $"is no object with a tokenizer's model: this is no {TokenizerFolder.FileName}; vocab.txt, and vocab.json with merges.txt beside it, are known by these names");
        if (file.OptionalText("version") is { } version && version != Version)
            throw file.Error("version", $"is '{version}'; legal is '{Version}'");
        var padding = file.OptionalFields("padding");
        var options = ReadPadding(padding, out var padId, ReadTruncation(file.OptionalFields("truncation"), new EncodeOptions { PaddingSide = settings?.PaddingSide ?? TokenSide.Right, TruncationSide = settings?.TruncationSide ?? TokenSide.Right }));
        AddedToken[] added = [.. file.Items("added_tokens").Select(static i => ReadAdded(new JsonFields(i.Value, i.Path)))];
        var model = ModelJson.Read(file.Fields("model"));
        var decoder = file.OptionalFields("decoder") is { } d ? DecoderJson.Read(d) : null;
        var tokenizer = new Tokenizer(model, added)
        {
            Normalizer = file.OptionalFields("normalizer") is { } n ? NormalizerJson.Read(n) : null,
            PreTokenizer = file.OptionalFields("pre_tokenizer") is { } p ? PreTokenizerJson.Read(p) : null,
            PostProcessor = file.OptionalFields("post_processor") is { } t ? PostProcessorJson.Read(t) : null,
            Decoder = decoder is ByteLevelDecoder bytes && model is BytePairModel { EndOfWordSuffix: { Length: > 0 } suffix } ? bytes.With(suffix) : decoder,
            PadToken = options.PadToken ?? settings?.Special.GetValueOrDefault("pad_token")?.Token.Content ?? added.Select(static a => a.Content).FirstOrDefault(static c => c is "[PAD]" or "<pad>"),
            BatchOptions = options,
        };
        if (padding is not null && options.PadToken is { } pad)
            RequirePadding(padding, pad, padId, tokenizer.Vocabulary);
        file.Done();
        tokenizer.Prepare();
        return tokenizer;
    }

    private static EncodeOptions ReadTruncation(JsonFields? fields, EncodeOptions options)
    {
        if (fields is null)
            return options;
        var result = options with
        {
            MaxLength = fields.AtLeast("max_length", 0),
            Truncation = fields.Choice<TokenTruncation>("strategy"),
            Stride = fields.AtLeast("stride", 0),
            TruncationSide = fields.Choice<TokenSide>("direction", options.TruncationSide),
        };
        fields.Done();
        return result;
    }

    private static EncodeOptions ReadPadding(JsonFields? fields, out int id, EncodeOptions options)
    {
        id = 0;
        if (fields is null)
            return options;
        var strategy = fields.Any("strategy");
        var (padding, length) = (TokenPadding.Longest, options.MaxLength);
        if (strategy.ValueKind == JsonValueKind.Object)
        {
            var fixedLength = new JsonFields(strategy, fields.PathOf("strategy"));
            (padding, length) = (TokenPadding.MaxLength, fixedLength.AtLeast("Fixed", 0));
            fixedLength.Done();
            if (options.MaxLength is { } most && most != length)
                throw fields.Error("strategy", $"pads to {length} what is cut to {most}; legal is one length");
        }
        else if (JsonFields.TextOf(strategy, fields.PathOf("strategy")) is not "BatchLongest" and var other)
        {
            throw fields.Error("strategy", $"is '{other}'; legal are 'BatchLongest' and {{\"Fixed\": n}}");
        }

        id = fields.Number("pad_id");
        var result = options with
        {
            Padding = padding,
            MaxLength = length,
            PaddingSide = fields.Choice<TokenSide>("direction"),
            MultipleOf = fields.OptionalAtLeast("pad_to_multiple_of", 1),
            PadSegment = fields.Number("pad_type_id"),
            PadToken = fields.Text("pad_token"),
        };
        fields.Done();
        return result;
    }

    // Rows are filled up with the token's id: another one in the file would be what its writer filled them up with.
    private static void RequirePadding(JsonFields fields, string token, int id, Vocabulary vocabulary)
    {
        if (!vocabulary.TryGetId(token, out var own))
            throw fields.Error("pad_token", $"is '{token}', which is not among the vocabulary's {vocabulary.Count} tokens");
        if (own != id)
            throw fields.Error("pad_id", $"is {id}, and the vocabulary gives '{token}' the id {own}; legal is the same");
    }

    private static AddedToken ReadAdded(JsonFields fields)
    {
        var token = new AddedToken(fields.Text("content"))
        {
            Id = fields.Number("id"),
            IsSingleWord = fields.Flag("single_word"),
            StripsLeft = fields.Flag("lstrip"),
            StripsRight = fields.Flag("rstrip"),
            IsNormalized = fields.Flag("normalized"),
            IsSpecial = fields.Flag("special"),
        };
        fields.Done();
        return token;
    }
}
