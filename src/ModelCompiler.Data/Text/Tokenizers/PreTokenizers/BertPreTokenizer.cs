using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Words between white space, which goes; every punctuation character by itself.</summary>
public sealed class BertPreTokenizer : PieceSplitter
{
    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "BertPreTokenizer");
        json.WriteEndObject();
    }

    private protected override void Split(ReadOnlySpan<char> text, int start, PieceList pieces)
    {
        var word = start;
        for (int at = start, units; at < text.Length; at += units)
        {
            var kind = Scalars.At(text, at, out units);
            if ((kind & (ScalarKind.Space | ScalarKind.Punctuation)) == 0)
                continue;
            pieces.Add(word, at);
            word = at + units;
            if (kind.HasFlag(ScalarKind.Punctuation))
                pieces.Add(at, word);
        }

        pieces.Add(word, text.Length);
    }
}
