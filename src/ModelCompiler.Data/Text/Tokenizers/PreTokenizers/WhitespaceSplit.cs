using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>What lies between white space.</summary>
public sealed class WhitespaceSplit : PieceSplitter
{
    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "WhitespaceSplit");
        json.WriteEndObject();
    }

    private protected override void Split(ReadOnlySpan<char> text, int start, PieceList pieces)
    {
        var word = start;
        for (var at = start; at < text.Length; at++)
        {
            if (!Scalars.Of(text[at]).HasFlag(ScalarKind.Space))
                continue;
            pieces.Add(word, at);
            word = at + 1;
        }

        pieces.Add(word, text.Length);
    }
}
