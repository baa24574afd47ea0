namespace ModelCompiler.Data;

/// <summary>Pieces of an aligned text, in order: what a model makes tokens of one by one.</summary>
internal sealed class PieceList
{
    private int[] _bounds = new int[128];

    public int Count { get; private set; }

    public int Start(int piece) => _bounds[2 * piece];

    public int End(int piece) => _bounds[(2 * piece) + 1];

    public void Clear() => Count = 0;

    /// <summary>Empty pieces are no pieces.</summary>
    public void Add(int start, int end)
    {
        if (start == end)
            return;
        if (_bounds.Length <= (2 * Count) + 1)
            Array.Resize(ref _bounds, 2 * _bounds.Length);
        (_bounds[2 * Count], _bounds[(2 * Count) + 1]) = (start, end);
        Count++;
    }
}
