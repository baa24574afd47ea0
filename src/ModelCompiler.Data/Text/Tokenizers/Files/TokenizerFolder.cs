using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>The files of a model's folder that make its tokenizer: <c>tokenizer.json</c>, or what there was before it.</summary>
internal static class TokenizerFolder
{
    public const string FileName = "tokenizer.json";

    private static readonly string[] s_settings = ["tokenizer_config.json", "special_tokens_map.json"];

    /// <param name="path">A folder, vocab.txt, vocab.json with its merges.txt beside it, or a file in the format of <see cref="FileName"/>.</param>
    public static Tokenizer Read(string path)
    {
        if (File.Exists(path))
        {
            return Path.GetFileName(path) switch
            {
                "vocab.txt" => OfWordPieces(path),
                "vocab.json" => OfBytePairs(path),
                _ => OfJson(path),
            };
        }

        if (!Directory.Exists(path))
            throw Found.Missing(path, "file or folder");
        var file = Path.Combine(path, FileName);
        if (File.Exists(file))
            return TokenizerJson.Read(File.ReadAllBytes(file), file, Setting(path, "pad_token")?.ToString());
        if (Has("vocab.txt"))
            return OfWordPieces(At("vocab.txt"));
        if (Has("vocab.json") && Has("merges.txt"))
            return OfBytePairs(At("vocab.json"));
        var found = Directory.EnumerateFiles(path).Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal);
        throw new InvalidDataException($"{path} has no tokenizer: legal are {FileName}, vocab.txt, or vocab.json and merges.txt; it has {Found.Names(found)}.");

        string At(string name) => Path.Combine(path, name);

        bool Has(string name) => File.Exists(At(name));
    }

    // A list of tokens or merges under another name would be told to be broken JSON.
    private static Tokenizer OfJson(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..]
            ? TokenizerJson.Read(bytes, path)
            : throw new InvalidDataException($"{path} is no {FileName}; vocab.txt, and vocab.json with merges.txt beside it, are known by these names.");
    }

    private static Tokenizer OfWordPieces(string file)
    {
        var folder = Folder(file);
        var (lowercase, accents, ideographs) = (Flag(folder, "do_lower_case") ?? true, Flag(folder, "strip_accents"), Flag(folder, "tokenize_chinese_chars") ?? true);
        return Tokenizers.Bert(file, lowercase, accents, ideographs);
    }

    private static Tokenizer OfBytePairs(string file)
    {
        var folder = Folder(file);
        var model = VocabularyFiles.ReadBytePairs(file, Path.Combine(folder, "merges.txt"));
        var addPrefixSpace = Flag(folder, "add_prefix_space") ?? false;
        return VocabularyFiles.Named(file, () => OfBytePairs(model, addPrefixSpace));
    }

    private static string Folder(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;

    // Which of the three models of this kind it is shows in their special tokens.
    private static Tokenizer OfBytePairs(BytePairModel model, bool addPrefixSpace)
    {
        if (model.Vocabulary.Contains("<|startoftext|>"))
        {
            return Tokenizers.Clip(new BytePairModel(model.Vocabulary, model.Merges) { EndOfWordSuffix = "</w>", UnknownToken = Tokenizers.EndOfText });
        }

        return model.Vocabulary.Contains("<s>") && model.Vocabulary.Contains("</s>") ? Tokenizers.Roberta(model, addPrefixSpace) : Tokenizers.Gpt2(model, addPrefixSpace);
    }

    private static bool? Flag(string folder, string name) => Setting(folder, name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        null or { ValueKind: JsonValueKind.Null } => null,
        { } other => throw new InvalidDataException($"{Path.Combine(folder, s_settings[0])}.{name} is {other}; legal are true, false and null."),
    };

    // A token is a string, or an object with its content.
    private static JsonElement? Setting(string folder, string name)
    {
        foreach (var file in s_settings.Select(s => Path.Combine(folder, s)).Where(File.Exists))
        {
            var found = VocabularyFiles.Named<JsonElement?>(file, () =>
            {
                using var json = JsonDocument.Parse(File.ReadAllBytes(file));
                return json.RootElement.ValueKind != JsonValueKind.Object ? throw new InvalidDataException("no object")
                    : json.RootElement.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
                    ? (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content) ? content : value).Clone()
                    : null;
            });
            if (found is not null)
                return found;
        }

        return null;
    }
}
