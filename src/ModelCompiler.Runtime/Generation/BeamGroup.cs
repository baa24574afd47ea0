namespace ModelCompiler.Runtime.Generation;

/// <summary>The beams of one prompt: their sums, the best continuations of a step, and the best rows that have ended.</summary>
internal sealed class BeamGroup
{
    private readonly Request _request;
    private readonly double[] _sums;
    private readonly (double Rank, double Sum, int Beam, int Token)[] _best;
    private readonly List<(int[] Ids, double Score)> _finished = [];
    private int _count;

    public BeamGroup(Request request)
    {
        _request = request;
        _sums = new double[request.Options.Beams];
        Array.Fill(_sums, double.NegativeInfinity);
        _sums[0] = 0; // all begin alike: the others would say the same again
        _best = new (double, double, int, int)[Math.Max(2, 1 + request.Options.StopTokens.Count) * request.Options.Beams];
    }

    /// <summary>Rows that have ended, the best first; never more than beams, and fewer where there are not so many different rows.</summary>
    public IReadOnlyList<(int[] Ids, double Score)> Finished => _finished;

    /// <summary>Nothing that is still open can get among the finished rows.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Ranks the continuations of a beam, or draws them where they are to be drawn; of equals the first stays before.</summary>
    /// <param name="row">Number of the beam's row.</param>
    /// <param name="step">Tokens that were generated.</param>
    public void Offer(int beam, ReadOnlySpan<double> scores, int row, int step)
    {
        for (var token = 0; token < scores.Length; token++)
        {
            var sum = scores[token] + _sums[beam];
            if (double.IsNegativeInfinity(sum))
            {
                continue;
            }

            var rank = _request.Options.Sample ? sum + TokenDraw.Gumbel(_request.Options.Seed, row, step, token) : sum;
            if (_count == _best.Length && rank <= _best[^1].Rank)
            {
                continue;
            }

            var at = _count < _best.Length ? _count++ : _count - 1;
            for (; at > 0 && _best[at - 1].Rank < rank; at--)
            {
                _best[at] = _best[at - 1];
            }

            _best[at] = (rank, sum, beam, token);
        }
    }

    /// <summary>Finishes the rows that end and chooses the next beams.</summary>
    /// <param name="first">Number of the row of the first beam.</param>
    public void Choose(TokenRows rows, int first, Span<int> parents, Span<int> tokens)
    {
        var o = _request.Options;
        var generated = rows.Length + 1 - _request.Prompts.Length;
        var isLast = rows.Length + 1 == _request.Length;
        var next = 0;
        if (o.Sample)
        {
            _best.AsSpan(0, _count).Sort(static (a, b) => b.Sum.CompareTo(a.Sum)); // what was drawn counts by its score
        }

        for (var i = 0; i < _count; i++)
        {
            var (_, sum, beam, token) = _best[i];
            if (isLast || _request.IsStop(token))
            {
                if (i < o.Beams && !IsDone)
                {
                    Finish([.. rows[first + beam], token], sum / Math.Pow(generated, o.LengthPenalty));
                }
            }
            else if (next < o.Beams)
            {
                (parents[next], tokens[next], _best[next]) = (first + beam, token, _best[i]);
                next++;
            }
        }

        for (var i = 0; i < o.Beams; i++)
        {
            _sums[i] = i < next ? _best[i].Sum : double.NegativeInfinity;
            (parents[i], tokens[i]) = i < next ? (parents[i], tokens[i]) : (first, _request.Padding);
        }

        _count = 0;
        IsDone = IsDone || next == 0 || (_finished.Count == o.Beams && (o.EarlyStopping == EarlyStopping.On || Best(generated) <= _finished[^1].Score));
    }

    // What the best open row would be, ended now or, where length is rewarded and nothing may be missed, at its longest.
    private double Best(int generated) =>
        _sums[0] / Math.Pow(_request.Options is { EarlyStopping: EarlyStopping.Never, LengthPenalty: > 0 } ? _request.NewTokens : generated, _request.Options.LengthPenalty);

    private void Finish(int[] ids, double score)
    {
        var at = _finished.FindIndex(f => f.Score < score);
        _finished.Insert(at < 0 ? _finished.Count : at, (ids, score));
        if (_finished.Count > _request.Options.Beams)
        {
            _finished.RemoveAt(_finished.Count - 1);
        }
    }
}
