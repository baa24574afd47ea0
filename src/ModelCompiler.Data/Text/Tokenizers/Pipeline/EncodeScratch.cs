namespace ModelCompiler.Data;

/// <summary>What encoding one text at a time needs; a tokenizer keeps as many as threads have used it at once.</summary>
internal sealed class EncodeScratch
{
    private byte[] _bytes = [];
    private char[] _letters = [];

    public AlignedText Text { get; } = new();

    /// <summary>Stretches between added tokens of normalized text.</summary>
    public AlignedText Part { get; } = new();

    /// <summary>Pieces before and behind a step of pre-tokenizing.</summary>
    public PieceList Pieces { get; set; } = new();

    public PieceList NextPieces { get; set; } = new();

    public TokenList Tokens { get; } = new();

    /// <summary>A second list: the other text of a pair.</summary>
    public TokenList PairTokens { get; } = new();

    public SymbolMerger Merger { get; } = new();

    public WordCache Words { get; } = new();

    public BestPath Path { get; } = new();

    /// <summary>Room for so many bytes, until the next call.</summary>
    public Span<byte> Bytes(int count)
    {
        if (_bytes.Length < count)
            _bytes = new byte[2 * count];
        return _bytes.AsSpan(0, count);
    }

    /// <summary>Room for so many letters, until the next call.</summary>
    public Span<char> Letters(int count)
    {
        if (_letters.Length < count)
            _letters = new char[2 * count];
        return _letters.AsSpan(0, count);
    }

    /// <summary>Ends a step of pre-tokenizing: what it found is what the next one starts from.</summary>
    public void SwapPieces() => (Pieces, NextPieces) = (NextPieces, Pieces);
}
