using System.Globalization;
using System.Text;

namespace ModelCompiler.Data;

/// <summary>What the tokenizers ask of a character. A character can be several.</summary>
[Flags]
internal enum ScalarKind : byte
{
    None = 0,

    /// <summary>Category L: <c>\p{L}</c>.</summary>
    Letter = 1,

    /// <summary>Category N: <c>\p{N}</c>.</summary>
    Number = 2,

    /// <summary>The property White_Space: <c>\s</c>.</summary>
    Space = 4,

    /// <summary>Category Mn in the reference's tables.</summary>
    NonSpacingMark = 8,

    /// <summary>Category P in the reference's tables, and the symbols of ASCII.</summary>
    Punctuation = 16,

    /// <summary>Categories Cc, Cf and Co in the reference's tables.</summary>
    Control = 32,

    /// <summary><c>\w</c>: letters, marks, decimal and letter numbers, connectors, joiners, circled letters.</summary>
    Word = 64,

    /// <summary>Half of a surrogate pair: ask for the whole.</summary>
    Surrogate = 128,
}

/// <summary>Kinds of characters by a table, whole scalars beyond it by their category.</summary>
internal static class Scalars
{
    // What only BERT's cleaning and cutting ask for.
    private const ScalarKind OfOlderTables = ScalarKind.NonSpacingMark | ScalarKind.Punctuation | ScalarKind.Control;

    private static readonly byte[] s_kinds = Table();

    /// <summary>The kind of a UTF-16 unit; <see cref="ScalarKind.Surrogate"/> for halves of pairs.</summary>
    public static ScalarKind Of(char unit) => (ScalarKind)s_kinds[unit];

    /// <summary>The kind of the scalar at a place, and its units there. Texts hold whole pairs alone: <see cref="AlignedText"/> sees to it.</summary>
    public static ScalarKind At(ReadOnlySpan<char> text, int at, out int units)
    {
        var kind = (ScalarKind)s_kinds[text[at]];
        if (kind != ScalarKind.Surrogate)
        {
            units = 1;
            return kind;
        }

        units = 2;
        return Classify(char.ConvertToUtf32(text[at], text[at + 1]));
    }

    /// <summary>The scalar at a place of whole pairs.</summary>
    public static Rune RuneAt(ReadOnlySpan<char> text, int at) => char.IsSurrogate(text[at]) ? new Rune(text[at], text[at + 1]) : new Rune(text[at]);

    /// <summary>An ideograph of the blocks that BERT sets apart.</summary>
    public static bool IsChinese(int scalar) => scalar is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0xF900 and <= 0xFAFF
        or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B73F or >= 0x2B740 and <= 0x2B81F or >= 0x2B920 and <= 0x2CEAF or >= 0x2F800 and <= 0x2FA1F;

    private static byte[] Table()
    {
        var table = new byte[char.MaxValue + 1];
        for (var unit = 0; unit < table.Length; unit++)
            table[unit] = (byte)(char.IsSurrogate((char)unit) ? ScalarKind.Surrogate : Classify(unit));
        return table;
    }

    private static ScalarKind Classify(int scalar)
    {
        var kind = CharUnicodeInfo.GetUnicodeCategory(scalar) switch
        {
            <= UnicodeCategory.OtherLetter => ScalarKind.Letter | ScalarKind.Word,
            UnicodeCategory.NonSpacingMark => ScalarKind.NonSpacingMark | ScalarKind.Word,
            UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => ScalarKind.Word,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber => ScalarKind.Number | ScalarKind.Word,
            UnicodeCategory.OtherNumber => ScalarKind.Number,
            UnicodeCategory.ConnectorPunctuation => ScalarKind.Punctuation | ScalarKind.Word,
            >= UnicodeCategory.DashPunctuation and <= UnicodeCategory.OtherPunctuation => ScalarKind.Punctuation,
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse => ScalarKind.Control,
            _ => ScalarKind.None,
        };
        if (NewerCharacters.Former(scalar) is { } former)
            kind = (kind & ~OfOlderTables) | former;
        else if ((kind & OfOlderTables) != 0 && NewerCharacters.Has(scalar))
            kind &= ~OfOlderTables;
        if (Rune.IsWhiteSpace(new Rune(scalar)))
            kind |= ScalarKind.Space;
        if (scalar is >= 33 and <= 47 or >= 58 and <= 64 or >= 91 and <= 96 or >= 123 and <= 126)
            kind |= ScalarKind.Punctuation;
        if (scalar is 0x200C or 0x200D or >= 0x24B6 and <= 0x24E9 or >= 0x1F130 and <= 0x1F149 or >= 0x1F150 and <= 0x1F169 or >= 0x1F170 and <= 0x1F189)
            kind |= ScalarKind.Word;
        return kind;
    }
}
