namespace ModelCompiler.Data;

/// <summary>Data sets one behind the other.</summary>
internal sealed class JoinedRecords<TRecord> : IRecords<TRecord>
{
    private readonly IRecords<TRecord>[] _sets;
    private readonly long[] _ends;

    public JoinedRecords(IRecords<TRecord>[] sets)
    {
        _sets = sets;
        _ends = new long[sets.Length];
        for (var i = 0; i < sets.Length; i++)
            _ends[i] = (i == 0 ? 0 : _ends[i - 1]) + sets[i].Count;
        Parts = [.. sets.SelectMany(static s => s.Parts)];
        Marks = [.. sets.SelectMany(static s => s.Marks)];
    }

    public long Count => _ends.Length == 0 ? 0 : _ends[^1];

    public IReadOnlyList<long> Parts { get; }

    public IReadOnlyList<string> Marks { get; }

    public string NameOf(long index)
    {
        var (set, at) = Find(index);
        return set.NameOf(at);
    }

    public TRecord Read(long index)
    {
        var (set, at) = Find(index);
        return set.Read(at);
    }

    // The first set that ends behind the index: empty ones end where they begin.
    private (IRecords<TRecord> Set, long Index) Find(long index)
    {
        this.Checked(index);
        var found = Array.BinarySearch(_ends, index + 1);
        if (found < 0)
            found = ~found;
        while (found > 0 && _ends[found - 1] == _ends[found])
            found--; // several sets may end at one place
        return (_sets[found], index - (found == 0 ? 0 : _ends[found - 1]));
    }
}
