using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>Drops every mark, of the categories Mn, Mc and Me. Accents that are part of a letter stay: decompose before.</summary>
public sealed class StripAccentsNormalizer : TextNormalizer
{
    internal override void Apply(AlignedText text)
    {
        if (Ascii.IsValid(text.Text))
            return;
        text.Rewrite();
        while (text.Cursor < text.Length)
        {
            var scalar = Scalars.RuneAt(text.Text, text.Cursor);
            if (Rune.GetUnicodeCategory(scalar) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
                text.Drop();
            else
                text.Replace(scalar);
        }

        text.Commit();
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "StripAccents");
        json.WriteEndObject();
    }
}
