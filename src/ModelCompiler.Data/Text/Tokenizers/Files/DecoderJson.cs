namespace ModelCompiler.Data;

/// <summary>The section <c>decoder</c>.</summary>
internal static class DecoderJson
{
    public static TokenDecoder Read(JsonFields fields)
    {
        var type = fields.Text("type");
        TokenDecoder result = type switch
        {
            "ByteLevel" => new ByteLevelDecoder
            {
                AddPrefixSpace = fields.Flag("add_prefix_space"),
                TrimOffsets = fields.Flag("trim_offsets"),
                UseExpression = fields.Flag("use_regex", true),
            },
            "WordPiece" => new WordPieceDecoder { Prefix = fields.Text("prefix"), Cleanup = fields.Flag("cleanup") },
            "BPEDecoder" => new BytePairDecoder { Suffix = fields.Text("suffix") },
            "Metaspace" => ReadMetaspace(PreTokenizerJson.ReadMetaspace(fields)),
            "Fuse" => new FuseDecoder(),
            "Sequence" => new DecoderSequence([.. fields.Items("decoders").Select(static i => Read(new JsonFields(i.Value, i.Path)))]),
            _ => throw fields.Error("type", $"is '{type}'; legal are BPEDecoder, ByteLevel, Fuse, Metaspace, Sequence and WordPiece"),
        };
        fields.Done();
        return result;
    }

    private static MetaspaceDecoder ReadMetaspace(MetaspacePreTokenizer alike) =>
        new() { Replacement = alike.Replacement, PrependScheme = alike.PrependScheme, IsSplit = alike.IsSplit };
}
