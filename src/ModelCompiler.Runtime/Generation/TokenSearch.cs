namespace ModelCompiler.Runtime.Generation;

/// <summary>Greedy search and sampling: each row goes on by itself, a token at a time.</summary>
internal sealed class TokenSearch
{
    private readonly INextTokens _model;
    private readonly Request _request;
    private readonly TokenRows _rows;
    private readonly ScoreFilters _filters;
    private readonly double[] _scores, _sums;
    private readonly int[] _generated, _tokens, _parents;
    private readonly bool[] _isDone;
    private readonly List<GeneratedToken> _new = [];
    private bool _hasBegun;

    public TokenSearch(INextTokens model, Request request)
    {
        (_model, _request) = (model, request);
        var count = request.Prompts.Count * request.Options.Results;
        _rows = new TokenRows(count, request.Length);
        _rows.Begin(request.Prompts, request.Options.Results);
        _filters = new ScoreFilters(request.Options, request.Vocabulary, request.Prompts.Length, request.Length);
        (_scores, _sums) = (new double[request.Vocabulary], new double[count]);
        (_generated, _tokens, _parents) = (new int[count], new int[count], [.. Enumerable.Range(0, count)]);
        _isDone = new bool[count];
    }

    /// <summary>The tokens that the last step gave, one for each row that had not ended.</summary>
    public IReadOnlyList<GeneratedToken> New => _new;

    /// <summary>One token more for each row; false: all have ended.</summary>
    public bool Next()
    {
        _new.Clear();
        if (Array.TrueForAll(_isDone, static d => d))
        {
            return false;
        }

        var logits = _hasBegun ? _model.Advance(_parents, _tokens) : _model.Begin();
        _hasBegun = true;
        for (var row = 0; row < _rows.Count; row++)
        {
            _tokens[row] = _isDone[row] ? _request.Padding : Choose(row, logits.Slice(row * _request.Vocabulary, _request.Vocabulary));
        }

        _rows.Advance(_parents, _tokens);
        return true;
    }

    /// <summary>The rows as they are.</summary>
    public IReadOnlyList<GeneratedSequence> Results() =>
        [.. _parents.Select(row => new GeneratedSequence(row / _request.Options.Results, _rows[row].ToArray(), _generated[row], _sums[row] / Math.Pow(_generated[row], _request.Options.LengthPenalty)))];

    private int Choose(int row, ReadOnlySpan<float> logits)
    {
        var o = _request.Options;
        var shift = _request.Widen(logits, _scores, row / o.Results);
        _filters.Constrain(_scores, _rows[row]);
        if (o.Sample)
        {
            _filters.Narrow(_scores);
        }

        var token = o.Sample ? TokenDraw.Draw(_scores, o.Seed, row, _rows.Length - _request.Prompts.Length) : Greatest(_scores);
        if (token < 0)
        {
            throw new InvalidOperationException($"The filters leave no token for row {row} of prompt {row / o.Results}: too much is forbidden.");
        }

        var probability = logits[token] - shift;
        _sums[row] += probability;
        _generated[row]++;
        _isDone[row] = _request.IsStop(token) || _rows.Length + 1 == _request.Length;
        _new.Add(new GeneratedToken(row, token, _isDone[row], probability));
        return token;
    }

    private static int Greatest(ReadOnlySpan<double> scores)
    {
        var (greatest, top) = (-1, double.NegativeInfinity);
        for (var token = 0; token < scores.Length; token++)
        {
            if (scores[token] > top)
            {
                (greatest, top) = (token, scores[token]);
            }
        }

        return greatest;
    }
}
