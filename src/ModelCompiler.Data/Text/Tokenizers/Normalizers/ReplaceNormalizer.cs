using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Every match of a pattern becomes the same text, whose source is the match's last scalar.</summary>
/// <param name="pattern">What is replaced.</param>
/// <param name="content">What it becomes; may be empty.</param>
public sealed class ReplaceNormalizer(TextPattern pattern, string content) : TextNormalizer
{
    public TextPattern Pattern => pattern;

    public string Content => content;

    internal override void Apply(AlignedText text)
    {
        var match = pattern.Next(text.Text, 0);
        if (match.Length == 0 || IsInPlace(text, match))
            return;
        text.Rewrite();
        for (; match.Length > 0; match = pattern.Next(text.Text, match.End))
        {
            text.KeepTo(match.Start);
            while (text.Cursor < match.End)
                text.Drop();
            foreach (var scalar in content.EnumerateRunes())
                text.Insert(scalar);
        }

        text.KeepTo(text.Length);
        text.Commit();
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Replace");
        json.WritePropertyName("pattern");
        pattern.Write(json);
        json.WriteString("content", content);
        json.WriteEndObject();
    }

    // One unit for one unit moves nothing.
    private bool IsInPlace(AlignedText text, TextSpan first)
    {
        if (content.Length != 1)
            return false;
        for (var match = first; match.Length > 0; match = pattern.Next(text.Text, match.End))
        {
            if (match.Length > 1)
                return false;
        }

        for (var match = first; match.Length > 0; match = pattern.Next(text.Text, match.End))
            text.Text[match.Start] = content[0];
        return true;
    }
}
