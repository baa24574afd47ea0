namespace ModelCompiler.Data;

/// <summary>The best way to each place of a piece: its score, its last token, and where that begins.</summary>
internal sealed class BestPath
{
    private double[] _scores = [];
    private int[] _tokens = [], _starts = [], _ends = [], _followed = [];

    public void Clear(int length)
    {
        if (_scores.Length <= length)
        {
            var size = 2 * (length + 1);
            (_scores, _tokens, _starts, _ends, _followed) = (new double[size], new int[size], new int[size], new int[size], new int[size]);
        }

        _starts.AsSpan(0, length + 1).Fill(-1);
        _scores[0] = 0;
    }

    public double Score(int end) => _scores[end];

    /// <summary>Where the token that begins at a place ends.</summary>
    public int End(int start) => _ends[start];

    /// <summary>The token that begins at a place.</summary>
    public int Token(int start) => _followed[start];

    /// <summary>Takes a way if it is the first to its end, or better.</summary>
    public void Offer(int start, int end, int token, double score)
    {
        if (_starts[end] < 0 || score > _scores[end])
            (_scores[end], _tokens[end], _starts[end]) = (score, token, start);
    }

    /// <summary>Chooses the best way to the end; <see cref="End"/> and <see cref="Token"/> then go along it from the start.</summary>
    public void Follow(int length)
    {
        for (int end = length, start; end > 0; end = start)
        {
            start = _starts[end];
            (_ends[start], _followed[start]) = (end, _tokens[end]);
        }
    }
}
