using System.Runtime.CompilerServices;

namespace ModelCompiler.Data;

/// <summary>
/// GPT-2's expression: a contraction; or letters, or digits, or what is neither, each with a space before it where there is one; or white
/// space, whose last character is left for what follows if that is no white space. It matches at every place of a text.
/// </summary>
internal sealed class Gpt2Pattern : TextPattern
{
    private const ScalarKind Known = ScalarKind.Letter | ScalarKind.Number | ScalarKind.Space;

    public override string Source => @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    internal override TextSpan Next(ReadOnlySpan<char> text, int from) => from < text.Length ? new(from, End(text, from)) : default;

    /// <summary>Where the match that starts at a place ends.</summary>
    internal static int End(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && Contraction(text, start) is var length and > 0)
            return start + length;
        var at = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        var kind = Scalars.At(text, at, out var units) & Known;
        if (kind != ScalarKind.Space)
            return Run(text, at + units, kind);

        var end = Run(text, start + 1, ScalarKind.Space);
        return end < text.Length && end - start > 1 ? end - 1 : end;
    }

    /// <summary>Length of the contraction at an apostrophe, 0 where there is none.</summary>
    internal static int Contraction(ReadOnlySpan<char> text, int start)
    {
        var rest = text[(start + 1)..];
        return rest.Length > 0 && rest[0] is 's' or 't' or 'm' or 'd' ? 2
            : rest.Length > 1 && ((rest[0] is 'r' or 'v' && rest[1] == 'e') || (rest[0] == 'l' && rest[1] == 'l')) ? 3 : 0;
    }

    /// <summary>Where a run of one kind ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Run(ReadOnlySpan<char> text, int at, ScalarKind kind)
    {
        for (; at < text.Length; at++)
        {
            var next = Scalars.Of(text[at]);
            if ((next & Known) == kind && next != ScalarKind.Surrogate)
                continue;
            if (next != ScalarKind.Surrogate || (Scalars.At(text, at, out _) & Known) != kind)
                break;
            at++;
        }

        return at;
    }
}
