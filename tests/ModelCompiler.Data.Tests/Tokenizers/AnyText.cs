using System.Text;
using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>Texts of any characters of Unicode, some of them likelier: letters, spaces, marks, pictures, special tokens.</summary>
internal static class AnyText
{
    private static readonly string[] s_likely =
        [" ", "  ", "\n", "\t", "'s", "'ll", "the ", "\u00a0", "<|endoftext|>", "[MASK]", "<s>", "##", "</w>", "\u2581", "e\u0301", "\u0130"];

    private static readonly Gen<string> s_part = CsCheck.Gen.Frequency(
        (3, CsCheck.Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Select(static s => new Rune(s).ToString())),
        (3, CsCheck.Gen.Char[' ', '~'].Select(static c => c.ToString())),
        (1, CsCheck.Gen.Int[0x300, 0x36F].Select(static s => new Rune(s).ToString())),
        (1, CsCheck.Gen.Int[0x1F300, 0x1F9FF].Select(static s => new Rune(s).ToString())),
        (1, CsCheck.Gen.Int[0x4E00, 0x9FFF].Select(static s => new Rune(s).ToString())),
        (2, CsCheck.Gen.Int[0, s_likely.Length - 1].Select(static i => s_likely[i])));

    /// <summary>Up to 40 parts.</summary>
    public static Gen<string> Gen { get; } = s_part.Array[0, 40].Select(static parts => string.Concat(parts));
}
