using System.Text;
using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>BERT's cleaning: control characters go, white space becomes U+0020, ideographs are set apart, accents go, letters become small.</summary>
public sealed class BertNormalizer : TextNormalizer
{
    private static readonly Rune s_space = new(' ');

    private readonly UnicodeNormalizer _decompose = new(NormalizationForm.FormD);
    private readonly LowercaseNormalizer _lowercase = new();

    /// <summary>Control characters are dropped, white space is U+0020.</summary>
    public bool CleanText { get; init; } = true;

    /// <summary>Ideographs get a space on either side.</summary>
    public bool HandleChineseCharacters { get; init; } = true;

    /// <summary>Marks are dropped; null: where letters become small.</summary>
    public bool? StripAccents { get; init; }

    /// <summary>Letters become small.</summary>
    public bool Lowercase { get; init; } = true;

    internal override void Apply(AlignedText text)
    {
        if (CleanText)
            Clean(text);
        if (HandleChineseCharacters)
            SetApart(text);
        if (StripAccents ?? Lowercase)
        {
            _decompose.Apply(text);
            Drop(text, static kind => kind.HasFlag(ScalarKind.NonSpacingMark));
        }

        if (Lowercase)
            _lowercase.Apply(text);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "BertNormalizer");
        json.WriteBoolean("clean_text", CleanText);
        json.WriteBoolean("handle_chinese_chars", HandleChineseCharacters);
        if (StripAccents is { } strip)
            json.WriteBoolean("strip_accents", strip);
        else
            json.WriteNull("strip_accents");
        json.WriteBoolean("lowercase", Lowercase);
        json.WriteEndObject();
    }

    // U+FFFD and the controls that are no white space; tab and line ends are both, and stay.
    private static void Clean(AlignedText text)
    {
        if (text.Text.IndexOfAnyExceptInRange(' ', '~') < 0)
            return;
        foreach (ref var unit in text.Text)
            unit = unit is '\t' or '\n' or '\r' ? ' ' : unit == '\uFFFD' ? '\0' : unit;
        Drop(text, static kind => kind.HasFlag(ScalarKind.Control));
        foreach (ref var unit in text.Text)
            unit = Scalars.Of(unit).HasFlag(ScalarKind.Space) ? ' ' : unit;
    }

    private static void SetApart(AlignedText text)
    {
        if (!HasChinese(text.Text))
            return;
        text.Rewrite();
        while (text.Cursor < text.Length)
        {
            var scalar = Scalars.RuneAt(text.Text, text.Cursor);
            if (Scalars.IsChinese(scalar.Value))
            {
                text.Replace(s_space);
                text.Insert(scalar);
                text.Insert(s_space);
            }
            else
            {
                text.Replace(scalar);
            }
        }

        text.Commit();
    }

    private static bool HasChinese(ReadOnlySpan<char> text)
    {
        var first = text.IndexOfAnyExceptInRange('\0', '\u2FFF');
        foreach (var scalar in text[(first < 0 ? text.Length : first)..].EnumerateRunes())
        {
            if (Scalars.IsChinese(scalar.Value))
                return true;
        }

        return false;
    }

    private static void Drop(AlignedText text, Predicate<ScalarKind> isDropped)
    {
        var first = 0;
        for (int units; first < text.Length && !isDropped(Scalars.At(text.Text, first, out units)); first += units)
        {
        }

        if (first == text.Length)
            return;
        text.Rewrite();
        while (text.Cursor < text.Length)
        {
            if (isDropped(Scalars.At(text.Text, text.Cursor, out _)))
                text.Drop();
            else
                text.Replace(Scalars.RuneAt(text.Text, text.Cursor));
        }

        text.Commit();
    }
}
