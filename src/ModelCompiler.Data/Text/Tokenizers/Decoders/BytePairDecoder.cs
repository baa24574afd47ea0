using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>The mark at the end of a word becomes a space, and nothing in the last token.</summary>
public sealed class BytePairDecoder : TokenDecoder
{
    public string Suffix { get; init; } = "</w>";

    internal override IReadOnlyList<string> Apply(IReadOnlyList<string> tokens) =>
        Suffix.Length == 0 ? tokens : [.. tokens.Select((token, i) => token.Replace(Suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "BPEDecoder");
        json.WriteString("suffix", Suffix);
        json.WriteEndObject();
    }
}
