using System.Text;

namespace ModelCompiler.Data;

/// <summary>Finds long runs of marks, which no writing has.</summary>
internal static class MarkRuns
{
    /// <summary>Runs of fewer marks may be missed.</summary>
    internal const int Long = 64;

    private const int Stride = Long / 2; // a long run covers one of the places that are looked at

    /// <summary>Whether the text has <see cref="Long"/> marks or more in a row.</summary>
    public static bool HasLong(ReadOnlySpan<char> text)
    {
        for (var at = Stride - 1; at < text.Length;)
        {
            if (!IsMark(text, at, out _))
            {
                at += Stride;
                continue;
            }

            var marks = 0;
            var start = at;
            while (start > 0 && IsMark(text, start - 1, out _))
                start--;
            for (int units; start < text.Length && IsMark(text, start, out units); start += units)
                marks++;
            if (marks >= Long)
                return true;
            at = start + Stride;
        }

        return false;
    }

    // The two letters of half width decompose into marks. Either half of a pair is asked for the whole.
    private static bool IsMark(ReadOnlySpan<char> text, int at, out int units)
    {
        var start = char.IsLowSurrogate(text[at]) && at > 0 && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
        Rune.DecodeFromUtf16(text[start..], out var scalar, out units);
        return scalar.Value is 0xFF9E or 0xFF9F || CombiningOrder.IsMark(scalar);
    }
}
