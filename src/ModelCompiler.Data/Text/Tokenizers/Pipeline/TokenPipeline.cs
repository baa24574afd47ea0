namespace ModelCompiler.Data;

/// <summary>Text to tokens, without special ones: added tokens are cut out, what lies between is normalized, cut into pieces and encoded.</summary>
internal sealed class TokenPipeline(TextNormalizer? normalizer, PreTokenizer? preTokenizer, PieceEncoder encoder, AddedTokenFinder raw, AddedTokenFinder normalized)
{
    /// <summary>Adds the tokens of a text; their spans are places in it.</summary>
    public void Run(ReadOnlySpan<char> text, EncodeScratch scratch, TokenList tokens)
    {
        var done = 0;
        for (var at = 0; !raw.IsEmpty && raw.TryNext(text, ref at, done, out var found);)
        {
            RunBetween(text[done..Math.Max(done, found.Start)], done, scratch, tokens);
            AddFound(text, found, new(found.Start, found.End), tokens);
            done = found.End;
        }

        RunBetween(text[done..], done, scratch, tokens);
    }

    private void RunBetween(ReadOnlySpan<char> text, int offset, EncodeScratch scratch, TokenList tokens)
    {
        if (text.IsEmpty)
            return;
        var aligned = scratch.Text;
        aligned.Load(text, offset);
        normalizer?.Apply(aligned);
        if (normalized.IsEmpty)
        {
            RunPieces(aligned, scratch, tokens);
            return;
        }

        var done = 0;
        for (var at = 0; normalized.TryNext(aligned.Text, ref at, done, out var found);)
        {
            RunPart(done, Math.Max(done, found.Start), scratch, tokens);
            AddFound(aligned.Text, found, aligned.Source(found.Start, found.End), tokens);
            done = found.End;
        }

        RunPart(done, aligned.Length, scratch, tokens);
    }

    private void RunPart(int start, int end, EncodeScratch scratch, TokenList tokens)
    {
        scratch.Part.Load(scratch.Text, start, end);
        RunPieces(scratch.Part, scratch, tokens);
    }

    private void RunPieces(AlignedText text, EncodeScratch scratch, TokenList tokens)
    {
        if (text.Length == 0)
            return;
        scratch.Pieces.Clear();
        scratch.Pieces.Add(0, text.Length);
        preTokenizer?.Apply(text, scratch);
        var first = tokens.Count;
        encoder.EncodeAll(text, scratch.Pieces, scratch, tokens);
        for (var i = first; tokens.HasSpans && i < tokens.Count; i++)
            tokens.SetSpan(i, text.Source(tokens.Span(i).Start, tokens.Span(i).End));
    }

    private static void AddFound(ReadOnlySpan<char> text, AddedTokenFinder.Found found, TextSpan source, TokenList tokens)
    {
        if (tokens.HasSpans)
            tokens.Surfaces[tokens.Count] = new string(text[found.Start..found.End]);
        tokens.Add(found.Id, source.Start, source.End);
    }
}
