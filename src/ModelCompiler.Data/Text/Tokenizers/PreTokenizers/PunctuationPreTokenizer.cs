using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Cuts at punctuation: category P and the symbols of ASCII, each a match.</summary>
public sealed class PunctuationPreTokenizer(SplitBehavior behavior = SplitBehavior.Isolated) : PieceSplitter
{
    public SplitBehavior Behavior => behavior;

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Punctuation");
        json.WriteString("behavior", behavior.ToString());
        json.WriteEndObject();
    }

    private protected override void Split(ReadOnlySpan<char> text, int start, PieceList pieces)
    {
        var joiner = new PieceJoiner(behavior, pieces);
        var between = start;
        for (int at = start, units; at < text.Length; at += units)
        {
            if (!Scalars.At(text, at, out units).HasFlag(ScalarKind.Punctuation))
                continue;
            joiner.Add(between, at, isMatch: false);
            joiner.Add(at, at + units, isMatch: true);
            between = at + units;
        }

        joiner.Add(between, text.Length, isMatch: false);
        joiner.End();
    }
}
