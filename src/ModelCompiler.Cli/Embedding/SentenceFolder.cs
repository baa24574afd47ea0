using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Cli.Embedding;

/// <summary>What a sentence encoder's folder says beside its model, and scaffolding leaves to whoever uses the class.</summary>
/// <param name="HasPooling">The scaffolded class pools as the folder says.</param>
/// <param name="IsNormalized">Vectors have unit length.</param>
/// <param name="MostTokens">Longer texts are cut; null: what the model can take.</param>
/// <param name="Prompt">Stands before every text; null: texts are taken as they are, and where it is empty without white space at their ends.</param>
internal sealed record SentenceFolder(bool HasPooling, bool IsNormalized, int? MostTokens, string? Prompt)
{
    // The first that is there holds, as where they come from.
    private static readonly string[] s_settings =
    [
        "sentence_bert_config.json", "sentence_roberta_config.json", "sentence_distilbert_config.json", "sentence_camembert_config.json", "sentence_albert_config.json",
        "sentence_xlm-roberta_config.json", "sentence_xlnet_config.json",
    ];

    /// <exception cref="CheckpointException">A file is no JSON, has a value of another type, or a key that nothing here knows.</exception>
    public static SentenceFolder Read(string folder)
    {
        var modules = ModuleList.Read(folder);
        return new SentenceFolder(
            modules?.Any(static m => m.Type == "Pooling") == true || File.Exists(Path.Combine(folder, "1_Pooling", "config.json")),
            modules?.Any(static m => m.Type == "Normalize") == true,
            ReadLength(folder),
            modules is null ? null : ReadPrompt(folder));
    }

    /// <summary>A text as the tokenizer gets it.</summary>
    public string Prepare(string text) => Prompt is null ? text : Trim(Prompt + text);

    private static int? ReadLength(string folder)
    {
        if (s_settings.Select(s => Path.Combine(folder, s)).FirstOrDefault(File.Exists) is not { } path)
        {
            return null;
        }

        var fields = SettingsFile.Optional(path)!;
        var most = fields.Integer("max_seq_length");
        if (most is < 1)
        {
            fields.Fail<object>("max_seq_length", most, "1 or more, null");
        }

        if (fields.Flag("do_lower_case", false))
        {
            fields.Fail<object>("do_lower_case", true, "false: the tokenizer says what is lower case");
        }

        SettingsFile.Done(fields, path, []);
        return (int?)most;
    }

    private static string ReadPrompt(string folder)
    {
        var path = Path.Combine(folder, "config_sentence_transformers.json");
        if (SettingsFile.Optional(path) is not { } fields)
        {
            return "";
        }

        var name = fields.Text("default_prompt_name");
        var prompts = fields.Under("prompts");
        string[] names = [.. fields.Keys("prompts") ?? []];
        var texts = names.ToDictionary(static n => n, prompts.Text);
        if (name is not null && texts.GetValueOrDefault(name) is null)
        {
            fields.Fail<object>("default_prompt_name", name, names.Length > 0 ? string.Join(", ", names) : "null, as there are no prompts");
        }

        SettingsFile.Done(fields, path, ["__version__", "model_type", "prompts", "similarity_fn_name"]);
        return name is null ? "" : texts[name]!;
    }

    // Python's white space: the four separators below the space are some, too.
    private static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsSpace(text[start]))
        {
            start++;
        }

        while (end > start && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    private static bool IsSpace(char unit) => char.IsWhiteSpace(unit) || unit is >= '\x1C' and <= '\x1F';
}
