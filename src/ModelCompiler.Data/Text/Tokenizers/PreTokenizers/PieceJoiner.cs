namespace ModelCompiler.Data;

/// <summary>Makes pieces of the matches and the stretches between them, which come in order.</summary>
internal ref struct PieceJoiner(SplitBehavior behavior, PieceList pieces)
{
    private int _start, _end;
    private bool _isMatch, _hasOpen;

    public void Add(int start, int end, bool isMatch)
    {
        if (start == end)
            return;
        if (_hasOpen && Joins(isMatch))
        {
            _end = end;
        }
        else
        {
            End();
            (_start, _end, _hasOpen) = (start, end, !(isMatch && behavior == SplitBehavior.Removed));
        }

        _isMatch = isMatch;
    }

    /// <summary>The piece that still waits for its end has it.</summary>
    public void End()
    {
        if (_hasOpen)
            pieces.Add(_start, _end);
        _hasOpen = false;
    }

    private readonly bool Joins(bool isMatch) => behavior switch
    {
        SplitBehavior.MergedWithPrevious => isMatch && !_isMatch,
        SplitBehavior.MergedWithNext => !isMatch && _isMatch,
        SplitBehavior.Contiguous => isMatch == _isMatch,
        _ => false,
    };
}
