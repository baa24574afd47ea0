namespace ModelCompiler.Data;

/// <summary>A model ready to be used by several threads at once, each with a scratch of its own.</summary>
internal abstract class PieceEncoder
{
    /// <summary>Adds the tokens of one piece that is not empty; their spans are units of <paramref name="text"/>.</summary>
    public abstract void Encode(AlignedText text, int start, int end, EncodeScratch scratch, TokenList tokens);

    /// <summary>Adds the tokens of all pieces, in order.</summary>
    public virtual void EncodeAll(AlignedText text, PieceList pieces, EncodeScratch scratch, TokenList tokens)
    {
        for (var i = 0; i < pieces.Count; i++)
            Encode(text, pieces.Start(i), pieces.End(i), scratch, tokens);
    }
}
