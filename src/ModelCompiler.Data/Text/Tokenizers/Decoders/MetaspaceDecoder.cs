using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>SentencePiece's mark becomes a space, and nothing in the first token where the mark was put there.</summary>
public sealed class MetaspaceDecoder : TokenDecoder
{
    public char Replacement { get; init; } = '\u2581';

    public PrependScheme PrependScheme { get; init; } = PrependScheme.Always;

    /// <summary>Written and read; decoding does not depend on it.</summary>
    public bool IsSplit { get; init; } = true;

    internal override IReadOnlyList<string> Apply(IReadOnlyList<string> tokens) =>
        [.. tokens.Select((token, i) => token.Replace(Replacement.ToString(), i == 0 && PrependScheme != PrependScheme.Never ? "" : " ", StringComparison.Ordinal))];

    internal override void Write(Utf8JsonWriter json) =>
        new MetaspacePreTokenizer { Replacement = Replacement, PrependScheme = PrependScheme, IsSplit = IsSplit }.Write(json);
}
