using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Tokens with the prefix continue a word, all others follow a space.</summary>
public sealed class WordPieceDecoder : TokenDecoder
{
    // In this order, each in every token by itself.
    private static readonly (string From, string To)[] s_cleaned =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public string Prefix { get; init; } = "##";

    /// <summary>No space before punctuation.</summary>
    public bool Cleanup { get; init; } = true;

    internal override IReadOnlyList<string> Apply(IReadOnlyList<string> tokens) => [.. tokens.Select((token, i) =>
    {
        var text = i == 0 ? token : token.StartsWith(Prefix, StringComparison.Ordinal) ? token[Prefix.Length..] : " " + token;
        return Cleanup ? s_cleaned.Aggregate(text, static (t, rule) => t.Replace(rule.From, rule.To, StringComparison.Ordinal)) : text;
    })];

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "WordPiece");
        json.WriteString("prefix", Prefix);
        json.WriteBoolean("cleanup", Cleanup);
        json.WriteEndObject();
    }
}
