namespace ModelCompiler.Data;

/// <summary>The section <c>post_processor</c>.</summary>
internal static class PostProcessorJson
{
    public static PostProcessor Read(JsonFields fields)
    {
        var type = fields.Text("type");
        PostProcessor result = type switch
        {
            "TemplateProcessing" => ReadTemplate(fields),
            "BertProcessing" => new BertPostProcessor(ReadToken(fields, "cls"), ReadToken(fields, "sep")),
            "RobertaProcessing" => new RobertaPostProcessor(ReadToken(fields, "cls"), ReadToken(fields, "sep"))
            {
                TrimOffsets = fields.Flag("trim_offsets"),
                AddPrefixSpace = fields.Flag("add_prefix_space"),
            },
            "ByteLevel" => new ByteLevelPostProcessor
            {
                AddPrefixSpace = fields.Flag("add_prefix_space"),
                TrimOffsets = fields.Flag("trim_offsets"),
                UseExpression = fields.Flag("use_regex", true),
            },
            "Sequence" => new PostProcessorSequence([.. fields.Items("processors").Select(static i => Read(new JsonFields(i.Value, i.Path)))]),
            _ => throw fields.Error("type", $"is '{type}'; legal are BertProcessing, ByteLevel, RobertaProcessing, Sequence and TemplateProcessing"),
        };
        fields.Done();
        return result;
    }

    private static (string Token, int Id) ReadToken(JsonFields fields, string name) => fields.Items(name).ToArray() is [var token, var id]
        ? (JsonFields.TextOf(token.Value, token.Path), JsonFields.NumberOf(id.Value, id.Path))
        : throw fields.Error(name, "has not two items; legal are a token and its id");

    private static TemplatePostProcessor ReadTemplate(JsonFields fields)
    {
        var special = fields.Fields("special_tokens");
        var known = new Dictionary<string, (string Token, int Id)[]>();
        return new TemplatePostProcessor(ReadPieces("single"), ReadPieces("pair"));

        TemplatePiece[] ReadPieces(string name) => [.. fields.Items(name).Select(i => ReadPiece(new JsonFields(i.Value, i.Path)))];

        TemplatePiece ReadPiece(JsonFields piece)
        {
            var (token, text) = (piece.OptionalFields("SpecialToken"), piece.OptionalFields("Sequence"));
            piece.Done();
            var inner = token ?? text ?? throw piece.Error("Sequence", "is missing, as is SpecialToken; legal is one of both");
            piece.Only("Sequence", token is null || text is null, "either that or SpecialToken");
            var (id, segment) = (inner.Text("id"), inner.Number("type_id"));
            inner.Done();
            if (token is not null)
                return new TemplatePiece(id, null, TokensOf(id), segment);
            return id is "A" or "B" ? TemplatePiece.OfText(id == "A" ? 0 : 1, segment) : throw inner.Error("id", $"is '{id}'; legal are A and B");
        }

        (string, int)[] TokensOf(string name)
        {
            if (known.TryGetValue(name, out var tokens))
                return tokens;
            var token = special.Fields(name);
            if (token.Text("id") is var id && id != name)
                throw token.Error("id", $"is '{id}'; legal is its name, '{name}'");
            int[] ids = [.. token.Items("ids").Select(static i => JsonFields.NumberOf(i.Value, i.Path))];
            string[] texts = [.. token.Items("tokens").Select(static i => JsonFields.TextOf(i.Value, i.Path))];
            token.Done();
            if (ids.Length != texts.Length)
                throw token.Error("ids", $"has {ids.Length} items and tokens has {texts.Length}; legal are as many of both");
            return known[name] = [.. texts.Zip(ids)];
        }
    }
}
