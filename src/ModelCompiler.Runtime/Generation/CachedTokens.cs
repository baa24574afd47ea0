namespace ModelCompiler.Runtime.Generation;

/// <summary>
/// Next tokens with keys and values of earlier ones kept: a pass over the prompts, once for all their copies, then one of a token a row. Rows that are as long as the model's context are cropped and
/// passed anew; else nothing is allocated behind the first token.
/// </summary>
internal sealed class CachedTokens : INextTokens
{
    private readonly ModelCore _core;
    private readonly DecoderInfo _decoder;
    private readonly Request _request;
    private readonly TokenRows _rows, _masks;
    private readonly int _copies;
    private readonly float[] _logits;
    private readonly int[] _ids, _mask, _positions, _segments, _next, _ones, _all;
    private int _cached;
    private long _decoding;

    public CachedTokens(ModelCore core, Request request, int copies)
    {
        (_core, _request, _copies, _decoder) = (core, request, copies, core.Description.Decoder!);
        var count = request.Prompts.Count * copies;
        (_rows, _masks) = (new TokenRows(count, request.Length), new TokenRows(count, request.Length));
        _logits = new float[(long)count * request.Vocabulary];
        (_ids, _mask, _positions, _segments, _next) = (new int[count], new int[count], new int[count], new int[count], new int[count]);
        (_ones, _all) = ([.. Enumerable.Repeat(1, count)], [.. Enumerable.Range(0, count)]);
    }

    private int Context => _core.Description.MaxLength;

    public ReadOnlySpan<float> Begin()
    {
        var prompts = _request.Prompts;
        _rows.Begin(prompts, _copies);
        _masks.Begin(prompts with { Ids = prompts.Mask }, _copies);
        if (prompts.Length > Context)
        {
            return Anew();
        }

        Prefill(prompts.Count, prompts.Ids, prompts.Mask, prompts.Length);
        if (_copies > 1)
        {
            Spread(prompts.Count);
        }

        return _logits;
    }

    public ReadOnlySpan<float> Advance(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens)
    {
        var moves = !parents.SequenceEqual(_all);
        var since = moves ? Shared(parents) : 0;
        _rows.Advance(parents, tokens);
        _masks.Advance(parents, _ones);
        if (_cached == Context)
        {
            return Anew();
        }

        if (moves)
        {
            _core.RearrangeRows(_decoding, parents, since); // within the beams of a prompt: positions stay
        }

        for (var row = 0; row < _next.Length; row++)
        {
            (_ids[row], _mask[row], _positions[row]) = (tokens[row], 1, _next[row]++);
        }

        Set(_ids, _mask, _positions, _segments);
        _core.Decode(_decoding, _next.Length, 1, _logits);
        _cached++;
        return _logits;
    }

    // What rows have in common with those that they go on from need not be moved.
    private int Shared(ReadOnlySpan<int> parents)
    {
        var since = _rows.Length;
        for (var row = 0; row < parents.Length; row++)
        {
            since = Math.Min(since, _rows[row].CommonPrefixLength(_rows[parents[row]]));
        }

        return since;
    }

    // The last tokens that there is room for, numbered from the start.
    private ReadOnlySpan<float> Anew()
    {
        var (ids, mask) = (new int[_next.Length * Context], new int[_next.Length * Context]);
        for (var row = 0; row < _next.Length; row++)
        {
            _rows[row][^Context..].CopyTo(ids.AsSpan(row * Context));
            _masks[row][^Context..].CopyTo(mask.AsSpan(row * Context));
        }

        Prefill(_next.Length, ids, mask, Context);
        return _logits;
    }

    private void Prefill(int count, int[] ids, int[] mask, int length)
    {
        var positions = new int[ids.Length];
        for (var row = 0; row < count; row++)
        {
            var at = row * length;
            PromptPositions.Fill(positions.AsSpan(at, length), mask.AsSpan(at, length), _decoder.PositionOffset);
            _next[row] = _decoder.PositionOffset + mask.AsSpan(at, length).Count(1);
        }

        _decoding = _core.BeginDecoding(_next.Length, Math.Min(Context, _request.Length));
        Set(ids, mask, positions, new int[ids.Length]);
        _core.Decode(_decoding, count, length, _logits.AsSpan(0, count * _request.Vocabulary));
        _cached = length;
    }

    // From a row for each prompt to one for each copy, the last first: a row is read before it is written.
    private void Spread(int prompts)
    {
        var (parents, vocabulary) = (new int[_next.Length], _request.Vocabulary);
        for (var row = _next.Length - 1; row >= 0; row--)
        {
            parents[row] = row / _copies;
            _next[row] = _next[row / _copies];
            _logits.AsSpan(row / _copies * vocabulary, vocabulary).CopyTo(_logits.AsSpan(row * vocabulary));
        }

        _core.RearrangeRows(_decoding, parents, since: 0);
    }

    private void Set(int[] ids, int[] mask, int[] positions, int[] segments)
    {
        foreach (var input in _core.Description.Inputs)
        {
            if (input.IsOf(Pass.Decode))
            {
                _core.SetInput(input.Name, input.Name switch { "ids" => ids, "mask" => mask, "positions" => positions, _ => segments });
            }
        }
    }
}
