namespace ModelCompiler.Data;

/// <summary>The section <c>pre_tokenizer</c>.</summary>
internal static class PreTokenizerJson
{
    public static PreTokenizer Read(JsonFields fields)
    {
        var type = fields.Text("type");
        PreTokenizer result = type switch
        {
            "BertPreTokenizer" => new BertPreTokenizer(),
            "Whitespace" => new WhitespacePreTokenizer(),
            "WhitespaceSplit" => new WhitespaceSplit(),
            "Punctuation" => new PunctuationPreTokenizer(fields.Choice<SplitBehavior>("behavior", SplitBehavior.Isolated)),
            "Split" => new SplitPreTokenizer(PatternJson.Read(fields), fields.Choice<SplitBehavior>("behavior"), fields.Flag("invert")),
            "Sequence" => new PreTokenizerSequence([.. fields.Items("pretokenizers").Select(static i => Read(new JsonFields(i.Value, i.Path)))]),
            "ByteLevel" => new ByteLevelPreTokenizer
            {
                AddPrefixSpace = fields.Flag("add_prefix_space"),
                TrimOffsets = fields.Flag("trim_offsets"),
                UseExpression = fields.Flag("use_regex", true),
            },
            "Metaspace" => ReadMetaspace(fields),
            _ => throw fields.Error("type", $"is '{type}'; legal are BertPreTokenizer, ByteLevel, Metaspace, Punctuation, Sequence, Split, Whitespace and WhitespaceSplit"),
        };
        fields.Done();
        return result;
    }

    /// <summary>Older files say <c>add_prefix_space</c>, and repeat the mark.</summary>
    internal static MetaspacePreTokenizer ReadMetaspace(JsonFields fields)
    {
        var replacement = fields.Text("replacement");
        if (replacement.Length != 1 || char.IsSurrogate(replacement[0]))
            throw fields.Error("replacement", $"is '{replacement}'; legal is one character below U+10000");
        if (fields.OptionalText("str_rep") is { } repeated && repeated != replacement)
            throw fields.Error("str_rep", $"is '{repeated}'; legal is the replacement '{replacement}'");
        var scheme = fields.OptionalFlag("add_prefix_space") switch
        {
            false => PrependScheme.Never,
            true => PrependScheme.Always,
            null => (PrependScheme?)null,
        };
        return new MetaspacePreTokenizer
        {
            Replacement = replacement[0],
            PrependScheme = fields.Choice<PrependScheme>("prepend_scheme", scheme ?? PrependScheme.Always, ignoreCase: true),
            IsSplit = fields.Flag("split", true),
        };
    }
}
