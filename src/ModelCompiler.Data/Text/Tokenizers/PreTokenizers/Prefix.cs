using System.Text;

namespace ModelCompiler.Data;

/// <summary>Puts a character before pieces, with the source of what it stands before.</summary>
internal static class Prefix
{
    /// <param name="isWanted">Asked for the start of each piece.</param>
    public static void Insert(AlignedText text, EncodeScratch scratch, char prefix, Func<AlignedText, int, bool> isWanted)
    {
        var (pieces, next) = (scratch.Pieces, scratch.NextPieces);
        next.Clear();
        var inserted = 0;
        for (var i = 0; i < pieces.Count; i++)
        {
            var (start, end) = (pieces.Start(i), pieces.End(i));
            var before = inserted;
            if (text.Text[start] != prefix && isWanted(text, start))
            {
                if (inserted++ == 0)
                    text.Rewrite();
                text.KeepTo(start);
                var first = Scalars.RuneAt(text.Text, start);
                text.Replace(new Rune(prefix));
                text.Insert(first);
            }

            next.Add(start + before, end + inserted);
        }

        if (inserted > 0)
        {
            text.KeepTo(text.Length);
            text.Commit();
        }

        scratch.SwapPieces();
    }
}
