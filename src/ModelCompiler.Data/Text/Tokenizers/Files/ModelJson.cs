using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>The section <c>model</c>.</summary>
internal static class ModelJson
{
    public static TokenModel Read(JsonFields fields)
    {
        // Old files leave the type out; each kind has a field that no other has.
        var type = fields.OptionalText("type") ?? (fields.Has("merges") ? "BPE" : fields.Has("max_input_chars_per_word") ? "WordPiece" : fields.Has("unk_id") ? "Unigram" : "WordLevel");
        TokenModel result = type switch
        {
            "BPE" => ReadBytePairs(fields),
            "WordPiece" => new WordPieceModel(ReadVocabulary(fields))
            {
                UnknownToken = fields.Text("unk_token"),
                ContinuingPrefix = fields.Text("continuing_subword_prefix"),
                MostCharacters = fields.Number("max_input_chars_per_word") is >= 0 and var most ? most : throw fields.Error("max_input_chars_per_word", "is negative; legal is 0 or more"),
            },
            "WordLevel" => new WordLevelModel(ReadVocabulary(fields)) { UnknownToken = fields.Text("unk_token") },
            "Unigram" => ReadUnigram(fields),
            _ => throw fields.Error("type", $"is '{type}'; legal are BPE, Unigram, WordLevel and WordPiece"),
        };
        fields.Done();
        return result;
    }

    private static BytePairModel ReadBytePairs(JsonFields fields)
    {
        fields.Only("dropout", fields.Optional("dropout") is not { } dropout || (dropout.ValueKind == JsonValueKind.Number && dropout.GetDouble() == 0), "null or 0");
        fields.Only("byte_fallback", !fields.Flag("byte_fallback", false), "false");
        return new BytePairModel(ReadVocabulary(fields), fields.Items("merges").Select(static i => ReadMerge(i.Value, i.Path)), Filled(fields.OptionalText("continuing_subword_prefix")))
        {
            UnknownToken = fields.OptionalText("unk_token"),
            EndOfWordSuffix = Filled(fields.OptionalText("end_of_word_suffix")),
            FuseUnknown = fields.Flag("fuse_unk", false),
            IgnoreMerges = fields.Flag("ignore_merges", false),
        };
    }

    private static string? Filled(string? text) => text is "" ? null : text;

    // Newer files write pairs, older ones a string with a space between.
    private static (string Left, string Right) ReadMerge(JsonElement json, string path)
    {
        string[] parts = json.ValueKind == JsonValueKind.String
            ? json.GetString()!.Split(' ')
            : [.. JsonFields.ItemsOf(json, path).Select(static i => JsonFields.TextOf(i.Value, i.Path))];
        return parts is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw new InvalidDataException($"{path} has {parts.Length} parts; legal are two that are not empty.");
    }

    private static Vocabulary ReadVocabulary(JsonFields fields)
    {
        var vocabulary = fields.Any("vocab");
        var path = fields.PathOf("vocab");
        return vocabulary.ValueKind == JsonValueKind.Object
            ? new Vocabulary(vocabulary.EnumerateObject().Select(t => KeyValuePair.Create(t.Name, JsonFields.NumberOf(t.Value, $"{path}['{t.Name}']"))))
            : throw new InvalidDataException($"{path} is no object; legal are tokens and their ids.");
    }

    private static UnigramModel ReadUnigram(JsonFields fields)
    {
        fields.Only("byte_fallback", !fields.Flag("byte_fallback", false), "false");
        return new UnigramModel([.. fields.Items("vocab").Select(static i => JsonFields.ItemsOf(i.Value, i.Path).ToArray() is [var token, var score]
            ? (JsonFields.TextOf(token.Value, token.Path), JsonFields.RealOf(score.Value, score.Path))
            : throw new InvalidDataException($"{i.Path} has not two items; legal are a token and its score."))], fields.OptionalNumber("unk_id"));
    }
}
