namespace ModelCompiler.Data;

/// <summary>A pre-tokenizer that cuts each piece by itself and leaves the text as it is.</summary>
public abstract class PieceSplitter : PreTokenizer
{
    private protected PieceSplitter()
    {
    }

    internal override void Apply(AlignedText text, EncodeScratch scratch)
    {
        scratch.NextPieces.Clear();
        for (var i = 0; i < scratch.Pieces.Count; i++)
            Split(text.Text[..scratch.Pieces.End(i)], scratch.Pieces.Start(i), scratch.NextPieces);
        scratch.SwapPieces();
    }

    /// <summary>Cuts what lies from <paramref name="start"/> to the end of <paramref name="text"/>; what lies before is another piece's.</summary>
    private protected abstract void Split(ReadOnlySpan<char> text, int start, PieceList pieces);
}
