namespace ModelCompiler.Runtime.Generation;

/// <summary>
/// Next tokens with keys and values of earlier ones kept: of what is read, once for a source; a pass over the prompts, once for all their copies; then one of a token a row. Rows that are as long as the model's context are cropped and
/// passed anew; else nothing is allocated behind the first token.
/// </summary>
internal sealed class CachedTokens : INextTokens
{
    private readonly ModelCore _core;
    private readonly DecoderInfo _decoder;
    private readonly Request _request;
    private readonly GenerationSource? _source;
    private readonly (string Name, string Kind)[] _inputs;
    private readonly TokenRows _rows, _masks;
    private readonly int _copies;
    private readonly float[] _logits;
    private readonly int[] _ids, _mask, _positions, _segments, _next, _ones, _all;
    private int _cached;
    private long _decoding;

    public CachedTokens(ModelCore core, Request request, GenerationSource? source, int copies)
    {
        (_core, _request, _source, _copies, _decoder) = (core, request, source, copies, core.Description.Decoder!);
        _inputs = [.. core.Description.Inputs.Where(static i => i.IsOf(Pass.Decode)).Select(static i => (i.Name, i.Name.Split('.')[^1]))];
        var count = request.Prompts.Count * copies;
        (_rows, _masks) = (new TokenRows(count, request.Length), new TokenRows(count, request.Length));
        _logits = new float[(long)count * request.Vocabulary];
        (_ids, _mask, _positions, _segments, _next) = (new int[count], new int[count], new int[count], new int[count], new int[count]);
        (_ones, _all) = ([.. Enumerable.Repeat(1, count)], [.. Enumerable.Range(0, count)]);
    }

    private int Context => _decoder.Context;

    public ReadOnlySpan<float> Begin()
    {
        var prompts = _request.Prompts;
        _decoding = _core.BeginDecoding(_next.Length, Math.Min(Context, _request.Length));
        if (_decoder.Memory is not null)
        {
            _source!.Set();
            _core.Prime(_decoding, _source.Count, _source.Length, []);
        }

        _rows.Begin(prompts, _copies);
        _masks.Begin(prompts with { Ids = prompts.Mask }, _copies);
        if (prompts.Length > Context)
        {
            return Anew();
        }

        Prefill(prompts);
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

        _core.RestartDecoding(_decoding, _next.Length, Math.Min(Context, _request.Length));
        Prefill(new Prompts(_next.Length, Context, ids, mask));
        return _logits;
    }

    private void Prefill(Prompts prompts)
    {
        var (count, length, mask) = (prompts.Count, prompts.Length, prompts.Mask);
        var positions = prompts.Positions ?? new int[mask.Length];
        var segments = prompts.Segments ?? new int[mask.Length];
        for (var row = 0; row < count; row++)
        {
            var at = row * length;
            if (prompts.Positions is null)
            {
                PromptPositions.Fill(positions.AsSpan(at, length), mask.AsSpan(at, length), _decoder.PositionOffset);
            }

            (_next[row], _segments[row]) = (positions[at + length - 1] + 1, segments[at + length - 1]); // tokens behind a prompt are of its last segment
        }

        var logits = _logits.AsSpan(0, count * _request.Vocabulary);
        if (_decoder.Prefix > 0)
        {
            _source!.Set();
            Set(prompts.Ids, mask, positions, segments);
            _core.Prime(_decoding, count, length, logits);
        }
        else
        {
            Set(prompts.Ids, mask, positions, segments);
            _core.Decode(_decoding, count, length, logits);
        }

        _cached = length;
    }

    // From a row for each prompt to one for each copy, the last first: a row is read before it is written.
    private void Spread(int prompts)
    {
        var (parents, vocabulary) = (new int[_next.Length], _request.Vocabulary);
        for (var row = _next.Length - 1; row >= 0; row--)
        {
            parents[row] = row / _copies;
            (_next[row], _segments[row]) = (_next[row / _copies], _segments[row / _copies]);
            _logits.AsSpan(row / _copies * vocabulary, vocabulary).CopyTo(_logits.AsSpan(row * vocabulary));
        }

        _core.RearrangeRows(_decoding, parents, since: 0);
    }

    private void Set(int[] ids, int[] mask, int[] positions, int[] segments)
    {
        foreach (var (name, kind) in _inputs)
        {
            _core.SetInput(name, kind switch { "ids" => ids, "mask" => mask, "positions" => positions, _ => segments });
        }
    }
}
