namespace ModelCompiler.Data;

/// <summary>
/// Compares <c>tokenizer.json</c> with the settings beside it. Transformers changes the one by the other when it loads them; here both have to
/// say the same.
/// </summary>
internal static class SettingsCheck
{
    /// <exception cref="InvalidDataException">They do not; the message names the key.</exception>
    public static void Require(Tokenizer tokenizer, TokenizerSettings settings)
    {
        foreach (var named in settings.Special.Values.Concat(settings.More))
            RequireToken(tokenizer, named);
        if (settings.Special.GetValueOrDefault("pad_token") is { } pad && tokenizer.BatchOptions.PadToken is { } own && own != pad.Token.Content)
            throw Error(pad.Path, $"'{pad.Token.Content}'", $"pads with '{own}'");
        if (settings.TruncationSide is { } side && side != tokenizer.BatchOptions.TruncationSide)
            throw Error(settings.PathOf("truncation_side"), $"'{side}'", $"cuts at '{tokenizer.BatchOptions.TruncationSide}'");
        if (tokenizer.PreTokenizer is ByteLevelPreTokenizer bytes)
            RequireSame(settings, "add_prefix_space", settings.AddPrefixSpace, bytes.AddPrefixSpace);
        if (tokenizer.Normalizer is BertNormalizer bert)
        {
            RequireSame(settings, "do_lower_case", settings.Lowercase, bert.Lowercase);
            RequireSame(settings, "strip_accents", settings.StripAccents, bert.StripAccents ?? bert.Lowercase);
            RequireSame(settings, "tokenize_chinese_chars", settings.HandleChineseCharacters, bert.HandleChineseCharacters);
        }

        TemplatePiece[] template = [.. tokenizer.PostProcessor?.Single ?? []];
        RequireSame(settings, "add_bos_token", settings.AddsBegin, Has(template.FirstOrDefault(), settings, "bos_token"));
        RequireSame(settings, "add_eos_token", settings.AddsEnd, Has(template.LastOrDefault(), settings, "eos_token"));
    }

    private static void RequireToken(Tokenizer tokenizer, NamedToken named)
    {
        var token = named.Token;
        var own = tokenizer.AddedTokens.FirstOrDefault(t => t.Content == token.Content);
        if (own is null)
            throw Error(named.Path, $"'{token.Content}'", $"does not cut that out of texts: it is none of its added tokens");
        if (token.Id is not null && token != own)
            throw Error(named.Path, token.ToString(), $"has {own}");
    }

    private static bool Has(TemplatePiece? piece, TokenizerSettings settings, string role) =>
        piece is { Text: null } && settings.Special.TryGetValue(role, out var named) && piece.Tokens.Any(t => t.Token == named.Token.Content);

    private static void RequireSame(TokenizerSettings settings, string key, bool? said, bool own)
    {
        if (said is { } flag && flag != own)
            throw Error(settings.PathOf(key), flag ? "true" : "false", $"says {(own ? "true" : "false")}");
    }

    private static InvalidDataException Error(string path, string said, string own) => new($"{path} is {said}, and {TokenizerFolder.FileName} beside it {own}; legal is the same.");
}
