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
            "Replace" => new ReplaceNormalizer(PatternJson.Read(fields), fields.Text("content")),
            "Sequence" => new NormalizerSequence([.. fields.Items("normalizers").Select(static i => Read(new JsonFields(i.Value, i.Path)))]),
            "BertNormalizer" => new BertNormalizer
            {
                CleanText = fields.Flag("clean_text"),
                HandleChineseCharacters = fields.Flag("handle_chinese_chars"),
                StripAccents = fields.OptionalFlag("strip_accents"),
                Lowercase = fields.Flag("lowercase"),
            },
            _ => throw fields.Error("type", $"is '{type}'; legal are BertNormalizer, Lowercase, NFC, NFD, NFKC, NFKD, Replace, Sequence and StripAccents"),
        };
        fields.Done();
        return result;
    }
}
