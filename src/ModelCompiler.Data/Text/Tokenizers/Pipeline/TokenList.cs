namespace ModelCompiler.Data;

/// <summary>Tokens as they are found, in arrays that are kept from text to text.</summary>
internal sealed class TokenList
{
    private int[] _ids = new int[256], _starts = [], _ends = [];

    /// <summary>Whether spans are stored.</summary>
    public bool HasSpans { get; private set; }

    public int Count { get; private set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>What the tokens say where that is not the vocabulary's text: stretches taken by added tokens, unknown pieces.</summary>
    public Dictionary<int, string> Surfaces { get; } = [];

    public void Clear(bool hasSpans)
    {
        (Count, HasSpans) = (0, hasSpans);
        Surfaces.Clear();
        if (hasSpans && _starts.Length < _ids.Length)
            (_starts, _ends) = (new int[_ids.Length], new int[_ids.Length]);
    }

    public void Add(int id)
    {
        if (Count == _ids.Length)
            Grow();
        _ids[Count++] = id;
    }

    /// <summary>A token and the units that it covers.</summary>
    public void Add(int id, int start, int end)
    {
        Add(id);
        if (HasSpans)
            (_starts[Count - 1], _ends[Count - 1]) = (start, end);
    }

    /// <summary>Takes back the tokens from a place on.</summary>
    public void RemoveFrom(int place) => Count = place;

    public TextSpan Span(int at) => new(_starts[at], _ends[at]);

    public void SetSpan(int at, TextSpan span) => (_starts[at], _ends[at]) = (span.Start, span.End);

    private void Grow()
    {
        Array.Resize(ref _ids, 2 * Count);
        if (HasSpans)
        {
            Array.Resize(ref _starts, _ids.Length);
            Array.Resize(ref _ends, _ids.Length);
        }
    }
}
