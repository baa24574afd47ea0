using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>
/// Tokenizers of files older than <c>tokenizer.json</c>. What kind they are of is said beside them: the same vocabulary and merges are
/// RoBERTa's, BART's and OPT's, which put other tokens around texts.
/// </summary>
internal static class OlderFiles
{
    // With a last "Fast" or without. Those of one line differ in nothing that makes ids.
    private static readonly string[] s_gpt2 = ["GPT2Tokenizer"], s_clip = ["CLIPTokenizer"],
        s_roberta = ["RobertaTokenizer", "BartTokenizer", "LongformerTokenizer", "LEDTokenizer", "MvpTokenizer"],
        s_bert =
        [
            "BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MobileBertTokenizer", "ConvBertTokenizer", "SqueezeBertTokenizer", "LxmertTokenizer", "LayoutLMTokenizer",
            "DPRQuestionEncoderTokenizer", "DPRContextEncoderTokenizer", "DPRReaderTokenizer",
        ];

    // Of models whose folders need not name a class.
    private static readonly Dictionary<string, string> s_classes = new(StringComparer.Ordinal)
    {
        ["gpt2"] = "GPT2Tokenizer",
        ["roberta"] = "RobertaTokenizer",
        ["bart"] = "BartTokenizer",
        ["longformer"] = "LongformerTokenizer",
        ["led"] = "LEDTokenizer",
        ["mvp"] = "MvpTokenizer",
        ["clip"] = "CLIPTokenizer",
        ["clip_text_model"] = "CLIPTokenizer",
    };

    /// <param name="file">vocab.txt.</param>
    public static Tokenizer ReadWordPieces(string file)
    {
        var settings = Settings(file);
        if (settings.Class is { } name && !s_bert.Contains(name))
            throw Other(settings, name, s_bert, "vocab.txt");
        RequireNoTemplate(settings, "add_bos_token", settings.AddsBegin);
        RequireNoTemplate(settings, "add_eos_token", settings.AddsEnd);
        return VocabularyFiles.Named(file, () =>
        {
            var vocabulary = VocabularyFiles.ReadLines(file);
            return Tokenizers.Bert(vocabulary, settings.Lowercase ?? true, settings.StripAccents, settings.HandleChineseCharacters ?? true, new SpecialTokens(vocabulary, settings));
        });
    }

    /// <param name="file">vocab.json, beside merges.txt.</param>
    public static Tokenizer ReadBytePairs(string file)
    {
        var folder = Folder(file);
        var settings = Settings(file);
        var model = VocabularyFiles.ReadBytePairs(file, Path.Combine(folder, "merges.txt"));
        return VocabularyFiles.Named(file, () => OfBytePairs(model, settings, settings.Class ?? ClassOf(folder)));
    }

    /// <param name="file">CLIP's merge list alone, which is its vocabulary too.</param>
    public static Tokenizer ReadClip(string file)
    {
        var settings = Settings(file);
        if (settings.Class is { } name && !s_clip.Contains(name))
            throw Other(settings, name, s_clip, Path.GetFileName(file));
        RequireNoTemplate(settings, "add_bos_token", settings.AddsBegin);
        RequireNoTemplate(settings, "add_eos_token", settings.AddsEnd);
        return VocabularyFiles.Named(file, () => Tokenizers.Clip(file, settings));
    }

    private static Tokenizer OfBytePairs(BytePairModel model, TokenizerSettings settings, string? name)
    {
        if (name is null && model.Vocabulary.Contains("<s>") && model.Vocabulary.Contains("</s>") && !model.Vocabulary.Contains("<|startoftext|>"))
            throw new InvalidDataException($"it has <s> and </s>, as those of RoBERTa, BART and OPT, which put other tokens around texts; {settings.PathOf("tokenizer_class")} says which it is, one of {string.Join(", ", s_roberta.Concat(s_gpt2))}");
        name ??= model.Vocabulary.Contains("<|startoftext|>") ? s_clip[0] : s_gpt2[0];
        var special = new SpecialTokens(model.Vocabulary, settings);
        RequireNoTemplate(settings, "add_eos_token", settings.AddsEnd);
        if (s_gpt2.Contains(name))
            return Tokenizers.Gpt2(model, settings.AddPrefixSpace ?? false, special, settings.AddsBegin ?? false);
        RequireNoTemplate(settings, "add_bos_token", settings.AddsBegin);
        return s_roberta.Contains(name) ? Tokenizers.Roberta(model, settings.AddPrefixSpace ?? false, special)
            : s_clip.Contains(name) ? Tokenizers.Clip(new BytePairModel(model.Vocabulary, model.Merges) { EndOfWordSuffix = "</w>", UnknownToken = Tokenizers.EndOfText }, special)
            : throw Other(settings, name, [.. s_gpt2, .. s_roberta, .. s_clip], "vocab.json and merges.txt");
    }

    private static TokenizerSettings Settings(string file)
    {
        var folder = Folder(file);
        var added = Path.Combine(folder, "added_tokens.json");
        return File.Exists(added)
            ? throw new InvalidDataException($"{added} has no counterpart without {TokenizerFolder.FileName}: the tokens would be missing; legal are added_tokens_decoder in tokenizer_config.json, and {TokenizerFolder.FileName}.")
            : TokenizerSettings.Read(folder);
    }

    private static string? ClassOf(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        return !File.Exists(path) ? null : VocabularyFiles.Named(path, () =>
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("model_type", out var type) && type.ValueKind == JsonValueKind.String
                ? s_classes.GetValueOrDefault(type.GetString()!) : null;
        });
    }

    private static void RequireNoTemplate(TokenizerSettings settings, string key, bool? value)
    {
        if (value == true)
            throw new InvalidDataException($"{settings.PathOf(key)} is true, which has no counterpart for such a tokenizer; legal is false.");
    }

    private static InvalidDataException Other(TokenizerSettings settings, string name, string[] legal, string files) =>
        new($"{settings.PathOf("tokenizer_class")} is '{name}', which has no counterpart without {TokenizerFolder.FileName}; legal beside {files} are {string.Join(", ", legal)}.");

    private static string Folder(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;
}
