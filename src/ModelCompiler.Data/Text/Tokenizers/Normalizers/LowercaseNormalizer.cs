using System.Text;
using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Every scalar in lower case, whatever stands around it. U+0130, the dotted I, becomes two.</summary>
public sealed class LowercaseNormalizer : TextNormalizer
{
    private const char DottedI = '\u0130';
    private static readonly Rune s_dot = new('\u0307');

    internal override void Apply(AlignedText text)
    {
        if (text.Text.Contains(DottedI))
            SplitDottedI(text);
        LowerInPlace(text.Text);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Lowercase");
        json.WriteEndObject();
    }

    private static void SplitDottedI(AlignedText text)
    {
        text.Rewrite();
        while (text.Cursor < text.Length)
        {
            var scalar = Scalars.RuneAt(text.Text, text.Cursor);
            if (scalar.Value == DottedI)
            {
                text.Replace(new Rune('i'));
                text.Insert(s_dot);
            }
            else
            {
                text.Replace(scalar);
            }
        }

        text.Commit();
    }

    // No other scalar's lower case takes another number of units.
    private static void LowerInPlace(Span<char> text)
    {
        if (Ascii.IsValid(text))
        {
            Ascii.ToLowerInPlace(text, out _);
            return;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
                Rune.ToLowerInvariant(Scalars.RuneAt(text, i)).EncodeToUtf16(text[i++..]);
            else
                text[i] = char.ToLowerInvariant(text[i]);
        }
    }
}
