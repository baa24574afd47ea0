using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>A token that settings name.</summary>
/// <param name="Path">What errors call the key.</param>
/// <param name="SaysHow">It says how the token is looked for, too.</param>
internal sealed record NamedToken(string Path, AddedToken Token, bool SaysHow);

/// <summary>
/// What <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> say, read strictly: a key that is neither known to leave ids alone nor
/// asked for is an error that names it.
/// </summary>
internal sealed class TokenizerSettings
{
    private const string Config = "tokenizer_config.json", Map = "special_tokens_map.json";

    // Decoding, lengths that a call or a model decides, where files came from, and what other code does with texts before they come here.
    private static readonly string[] s_passedOver =
    [
        "_name_or_path", "backend", "chat_template", "clean_up_tokenization_spaces", "device", "errors", "extra_ids", "full_tokenizer_file", "init_inputs", "is_local", "keep_accents", "legacy",
        "local_files_only", "max_len", "max_length", "merges_file", "model_input_names", "name_or_path", "pad_to_multiple_of", "pad_token_type_id", "processor_class", "remove_space", "sp_model_kwargs",
        "spaces_between_special_tokens", "special_tokens_map_file", "stride", "tokenizer_file", "transformers_version", "trim_offsets", "truncation_strategy", "use_default_system_prompt", "use_fast",
        "vocab_file",
    ];

    private static readonly string[] s_roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    private readonly string _folder;
    private readonly Dictionary<string, NamedToken> _special = new(StringComparer.Ordinal);
    private readonly List<NamedToken> _more = [];

    private TokenizerSettings(string folder) => _folder = folder;

    /// <summary>Of which class the tokenizer is in Python, without a last <c>Fast</c>; null where nothing says.</summary>
    public string? Class { get; private set; }

    public bool? AddPrefixSpace { get; private set; }

    public bool? AddsBegin { get; private set; }

    public bool? AddsEnd { get; private set; }

    public bool? Lowercase { get; private set; }

    public bool? StripAccents { get; private set; }

    public bool? HandleChineseCharacters { get; private set; }

    public TokenSide? PaddingSide { get; private set; }

    public TokenSide? TruncationSide { get; private set; }

    /// <summary>Tokens by what they are for, such as <c>pad_token</c>.</summary>
    public IReadOnlyDictionary<string, NamedToken> Special => _special;

    /// <summary>Others, by id or as a list.</summary>
    public IReadOnlyList<NamedToken> More => _more;

    /// <summary>What errors call a key.</summary>
    public string PathOf(string key) => $"{Path.Combine(_folder, Config)}.{key}";

    /// <exception cref="InvalidDataException">A file is not what it should be, or has a key that nothing here knows.</exception>
    public static TokenizerSettings Read(string folder)
    {
        var settings = new TokenizerSettings(folder);
        settings.Read(Config, settings.ReadConfig);
        settings.Read(Map, settings.ReadSpecial);
        return settings;
    }

    private void Read(string name, Action<JsonFields> read)
    {
        var path = Path.Combine(_folder, name);
        if (!File.Exists(path))
            return;
        VocabularyFiles.Named(path, () =>
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16 });
            var fields = new JsonFields(json.RootElement, path);
            read(fields);
            fields.Done();
            return true;
        });
    }

    private void ReadConfig(JsonFields fields)
    {
        if (fields.OptionalText("tokenizer_class") is { } name)
            Class = name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name;
        (AddPrefixSpace, AddsBegin, AddsEnd) = (fields.OptionalFlag("add_prefix_space"), fields.OptionalFlag("add_bos_token"), fields.OptionalFlag("add_eos_token"));
        (Lowercase, StripAccents, HandleChineseCharacters) = (fields.OptionalFlag("do_lower_case"), fields.OptionalFlag("strip_accents"), fields.OptionalFlag("tokenize_chinese_chars"));
        (PaddingSide, TruncationSide) = (Side(fields, "padding_side"), Side(fields, "truncation_side"));
        fields.Only("do_basic_tokenize", fields.OptionalFlag("do_basic_tokenize") ?? true, "true");
        fields.Only("split_special_tokens", !(fields.OptionalFlag("split_special_tokens") ?? false), "false");
        fields.Only("wordpieces_prefix", fields.OptionalText("wordpieces_prefix") is null or "##", "\"##\"");
        fields.Only("never_split", fields.Optional("never_split") is not { } never || (never.ValueKind == JsonValueKind.Array && never.GetArrayLength() == 0), "null or an empty list");
        if (fields.Optional("model_max_length") is { ValueKind: not JsonValueKind.Number })
            throw fields.Error("model_max_length", "is no number; legal is one");
        if (fields.OptionalFields("added_tokens_decoder") is { } numbered)
        {
            foreach (var id in numbered.Names)
            {
                var token = Token(numbered.Any(id), numbered.PathOf(id));
                _more.Add(token with { Token = token.Token with { Id = int.TryParse(id, out var number) ? number : throw numbered.Error(id, "is no id; legal is a whole number") } });
            }
        }

        ReadSpecial(fields);
        foreach (var key in s_passedOver)
            _ = fields.Optional(key);
    }

    private void ReadSpecial(JsonFields fields)
    {
        foreach (var role in s_roles)
        {
            if (fields.Optional(role) is not { } json)
                continue;
            var token = Token(json, fields.PathOf(role));
            if (!_special.TryGetValue(role, out var other))
                _special.Add(role, token);
            else if (other.Token.Content != token.Token.Content)
                throw fields.Error(role, $"is '{token.Token.Content}', and '{other.Token.Content}' in {Config}; legal is the same");
            else if (token.SaysHow)
                _special[role] = token;
        }

        foreach (var key in new[] { "additional_special_tokens", "extra_special_tokens" })
        {
            if (fields.Optional(key) is { } json)
                _more.AddRange(Items(json, fields.PathOf(key)).Select(static i => Token(i.Value, i.Path)));
        }
    }

    // Newer files name them.
    private static IEnumerable<(JsonElement Value, string Path)> Items(JsonElement json, string path) => json.ValueKind == JsonValueKind.Object
        ? json.EnumerateObject().Select(p => (p.Value, $"{path}.{p.Name}"))
        : JsonFields.ItemsOf(json, path);

    // A string, or an object with how it is looked for.
    private static NamedToken Token(JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.String)
            return new NamedToken(path, new AddedToken(json.GetString()!), false);
        var fields = new JsonFields(json, path);
        var token = new AddedToken(fields.Text("content"))
        {
            IsSingleWord = fields.Flag("single_word", false),
            StripsLeft = fields.Flag("lstrip", false),
            StripsRight = fields.Flag("rstrip", false),
            IsNormalized = fields.Flag("normalized", false),
            IsSpecial = fields.Flag("special", true),
        };
        fields.Only("__type", fields.OptionalText("__type") is null or "AddedToken", "\"AddedToken\"");
        fields.Done();
        return new NamedToken(path, token, true);
    }

    private static TokenSide? Side(JsonFields fields, string name) => fields.KindOf(name) == JsonValueKind.Undefined ? null : fields.Choice<TokenSide>(name, ignoreCase: true);
}
