namespace ModelCompiler.Runtime.Generation;

/// <summary>
/// Beam search as the reference does it. Of all continuations of a prompt's beams the best are ranked, more of them than there are beams, so that enough are left when some of
/// them end. Those that end among the first as many as beams are finished rows; the best others are the next beams. Scores are sums of log probabilities. With
/// Sample the continuations are drawn by them instead, none twice.
/// </summary>
internal sealed class BeamSearch
{
    private readonly INextTokens _model;
    private readonly Request _request;
    private readonly TokenRows _rows;
    private readonly ScoreFilters _filters;
    private readonly double[] _scores;
    private readonly int[] _parents, _tokens;
    private readonly BeamGroup[] _groups;

    public BeamSearch(INextTokens model, Request request)
    {
        (_model, _request) = (model, request);
        var (prompts, beams) = (request.Prompts, request.Options.Beams);
        _rows = new TokenRows(prompts.Count * beams, request.Length);
        _rows.Begin(prompts, beams);
        _filters = new ScoreFilters(request.Options, request.Vocabulary, prompts.Length, request.Length);
        _scores = new double[request.Vocabulary];
        (_parents, _tokens) = (new int[_rows.Count], new int[_rows.Count]);
        _groups = [.. Enumerable.Range(0, prompts.Count).Select(_ => new BeamGroup(request))];
    }

    /// <summary>Searches to the end; the best rows of each prompt, the best one first.</summary>
    public IReadOnlyList<GeneratedSequence> Run()
    {
        var results = _request.Options.Results;
        var logits = _model.Begin();
        while (true)
        {
            for (var prompt = 0; prompt < _groups.Length; prompt++)
            {
                Extend(prompt, logits);
            }

            if (_rows.Length + 1 == _request.Length || Array.TrueForAll(_groups, static g => g.IsDone))
            {
                break;
            }

            _rows.Advance(_parents, _tokens);
            logits = _model.Advance(_parents, _tokens);
        }

        var rows = _groups.SelectMany((g, prompt) => g.Finished.Take(results).Select(f => (Prompt: prompt, f.Ids, f.Score))).ToArray();
        if (Array.FindIndex(_groups, static g => g.Finished.Count == 0) is var none and >= 0)
        {
            throw new InvalidOperationException($"The filters leave no token for any beam of prompt {none}: too much is forbidden.");
        }

        var longest = rows.Max(static r => r.Ids.Length);
        return [.. rows.Select(r => new GeneratedSequence(
            r.Prompt, [.. r.Ids, .. Enumerable.Repeat(_request.Padding, longest - r.Ids.Length)], r.Ids.Length - _request.Prompts.Length, r.Score))];
    }

    private void Extend(int prompt, ReadOnlySpan<float> logits)
    {
        var group = _groups[prompt];
        var first = prompt * _request.Options.Beams;
        for (var beam = 0; beam < _request.Options.Beams; beam++)
        {
            _request.Widen(logits.Slice((first + beam) * _request.Vocabulary, _request.Vocabulary), _scores, prompt);
            LogSoftmax.Apply(_scores);
            _filters.Constrain(_scores, _rows[first + beam]);
            if (_request.Options.Sample)
            {
                _filters.Narrow(_scores);
            }

            group.Offer(beam, _scores, first + beam, _rows.Length - _request.Prompts.Length);
        }

        group.Choose(_rows, first, _parents.AsSpan(first), _tokens.AsSpan(first));
    }
}
