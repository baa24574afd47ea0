using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Cuts at the matches of a pattern.</summary>
/// <param name="pattern">What is looked for.</param>
/// <param name="behavior">What becomes of it.</param>
/// <param name="invert">The stretches between matches count as the matches.</param>
public sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert = false) : PieceSplitter
{
    public TextPattern Pattern => pattern;

    public SplitBehavior Behavior => behavior;

    public bool Invert => invert;

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Split");
        json.WritePropertyName("pattern");
        pattern.Write(json);
        json.WriteString("behavior", behavior.ToString());
        json.WriteBoolean("invert", invert);
        json.WriteEndObject();
    }

    private protected override void Split(ReadOnlySpan<char> text, int start, PieceList pieces)
    {
        var joiner = new PieceJoiner(behavior, pieces);
        for (var at = start; at < text.Length;)
        {
            var match = pattern.Next(text, at);
            var (from, to) = match.Length > 0 ? (match.Start, match.End) : (text.Length, text.Length);
            joiner.Add(at, from, invert);
            joiner.Add(from, to, !invert);
            at = to;
        }

        joiner.End();
    }
}
