using System.Text;
using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Letters become bytes again, and all bytes together UTF-8; what is none becomes U+FFFD. A token with other characters counts as its own text.</summary>
public sealed class ByteLevelDecoder : TokenDecoder
{
    /// <summary>Becomes a space wherever it stands in the text, and white space at the ends goes: CLIP's <c>&lt;/w&gt;</c>. Not part of files; null: nothing of this.</summary>
    public string? EndOfWordSuffix { get; init; }

    public bool AddPrefixSpace { get; init; } = true;

    public bool TrimOffsets { get; init; } = true;

    public bool UseExpression { get; init; } = true;

    internal ByteLevelDecoder With(string suffix) =>
        new() { EndOfWordSuffix = suffix, AddPrefixSpace = AddPrefixSpace, TrimOffsets = TrimOffsets, UseExpression = UseExpression };

    internal override IReadOnlyList<string> Apply(IReadOnlyList<string> tokens)
    {
        var bytes = new List<byte>(4 * tokens.Count);
        foreach (var token in tokens)
        {
            var before = bytes.Count;
            foreach (var letter in token)
            {
                if (ByteAlphabet.TryByte(letter, out var value))
                {
                    bytes.Add(value);
                    continue;
                }

                bytes.RemoveRange(before, bytes.Count - before);
                bytes.AddRange(Encoding.UTF8.GetBytes(token));
                break;
            }
        }

        var text = Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
        return [string.IsNullOrEmpty(EndOfWordSuffix) ? text : text.Replace(EndOfWordSuffix, " ", StringComparison.Ordinal).Trim()];
    }

    internal override void Write(Utf8JsonWriter json) => ByteLevelPreTokenizer.Write(json, AddPrefixSpace, TrimOffsets, UseExpression);
}
