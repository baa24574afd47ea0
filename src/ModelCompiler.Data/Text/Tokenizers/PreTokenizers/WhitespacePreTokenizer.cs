using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Runs of word characters and runs of what is neither a word character nor white space: <c>\w+|[^\w\s]+</c>.</summary>
public sealed class WhitespacePreTokenizer : PieceSplitter
{
    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Whitespace");
        json.WriteEndObject();
    }

    private protected override void Split(ReadOnlySpan<char> text, int start, PieceList pieces)
    {
        const ScalarKind Kinds = ScalarKind.Word | ScalarKind.Space;
        var (run, kind) = (start, ScalarKind.Space);
        for (int at = start, units; at < text.Length; at += units)
        {
            var next = Scalars.At(text, at, out units) & Kinds;
            if (next == kind)
                continue;
            if (kind != ScalarKind.Space)
                pieces.Add(run, at);
            (run, kind) = (at, next);
        }

        if (kind != ScalarKind.Space)
            pieces.Add(run, text.Length);
    }
}
