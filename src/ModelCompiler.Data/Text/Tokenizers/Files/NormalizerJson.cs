using System.Text;

namespace ModelCompiler.Data;

/// <summary>The section <c>normalizer</c>.</summary>
internal static class NormalizerJson
{
    public static TextNormalizer Read(JsonFields fields)
    {
        var type = fields.Text("type");
        TextNormalizer result = type switch
        {
            "NFC" => new UnicodeNormalizer(NormalizationForm.FormC),
            "NFD" => new UnicodeNormalizer(NormalizationForm.FormD),
            "NFKC" => new UnicodeNormalizer(NormalizationForm.FormKC),
            "NFKD" => new UnicodeNormalizer(NormalizationForm.FormKD),
            "Lowercase" => new LowercaseNormalizer(),
            "StripAccents" => new StripAccentsNormalizer(),
            "Strip" => new StripNormalizer(fields.Flag("strip_left"), fields.Flag("strip_right")),
            "Precompiled" => ReadTable(fields),
            "Replace" => new ReplaceNormalizer(PatternJson.Read(fields), fields.Text("content")),
            "Sequence" => new NormalizerSequence([.. fields.Items("normalizers").Select(static i => Read(new JsonFields(i.Value, i.Path)))]),
            "BertNormalizer" => new BertNormalizer
            {
                CleanText = fields.Flag("clean_text"),
                HandleChineseCharacters = fields.Flag("handle_chinese_chars"),
                StripAccents = fields.OptionalFlag("strip_accents"),
                Lowercase = fields.Flag("lowercase"),
            },
            _ => throw fields.Error("type", $"is '{type}'; legal are BertNormalizer, Lowercase, NFC, NFD, NFKC, NFKD, Precompiled, Replace, Sequence, Strip and StripAccents"),
        };
        fields.Done();
        return result;
    }

    private static PrecompiledNormalizer ReadTable(JsonFields fields)
    {
        const string Name = "precompiled_charsmap";
        var text = fields.Text(Name);
        try
        {
            return new PrecompiledNormalizer(Convert.FromBase64String(text));
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw fields.Error(Name, $"is no table of characters: {(e is FormatException ? "no base64" : e.Message)}");
        }
    }
}
