using ModelCompiler.Runtime.Generation.Filters;

namespace ModelCompiler.Runtime.Generation;

/// <summary>The filters that options ask for, in the order of the reference, over the scores of one row.</summary>
internal sealed class ScoreFilters
{
    private readonly GenerationOptions _options;
    private readonly int[][] _unwanted;
    private readonly double[] _sorted;
    private readonly int[] _tokens;
    private readonly int _prompt, _length;

    /// <param name="prompt">Tokens of a prompt, padding included.</param>
    /// <param name="length">Most tokens of a row.</param>
    public ScoreFilters(GenerationOptions options, int vocabulary, int prompt, int length)
    {
        (_options, _prompt, _length) = (options, prompt, length);
        _unwanted = [.. options.BadTokens.Select(static s => s.ToArray())];
        var sorts = options.Sample && (options.TopK > 0 || options.TopP < 1);
        (_sorted, _tokens) = sorts ? (new double[vocabulary], new int[vocabulary]) : ([], []);
    }

    /// <summary>What the row must not or has to go on with.</summary>
    public void Constrain(Span<double> scores, ReadOnlySpan<int> row)
    {
        if (_options.RepetitionPenalty != 1)
        {
            RepetitionPenalty.Apply(scores, row, _options.RepetitionPenalty);
        }

        if (_options.NoRepeatNgram > 0)
        {
            NoRepeatedNgrams.Apply(scores, row, _options.NoRepeatNgram);
        }

        BadTokens.Apply(scores, row, _unwanted);
        if (row.Length < _options.MinLength || row.Length - _prompt < _options.MinNewTokens)
        {
            foreach (var stop in _options.StopTokens)
            {
                scores[stop] = double.NegativeInfinity;
            }
        }

        if (_options.ForcedFirstToken is { } first && row.Length == _prompt)
        {
            ForcedToken.Apply(scores, first);
        }

        if (_options.ForcedLastToken is { } last && row.Length == _length - 1)
        {
            ForcedToken.Apply(scores, last);
        }
    }

    /// <summary>What a token may be drawn of.</summary>
    public void Narrow(Span<double> scores)
    {
        if (_options.Temperature != 1)
        {
            foreach (ref var score in scores)
            {
                score /= _options.Temperature;
            }
        }

        if (_options.TopK > 0)
        {
            TopK.Apply(scores, _options.TopK, _sorted);
        }

        if (_options.TopP < 1)
        {
            TopP.Apply(scores, _options.TopP, _sorted, _tokens);
        }
    }
}
