using System.Collections.Concurrent;

namespace ModelCompiler.Data;

/// <summary>The records that were skipped, each once, whichever threads met them.</summary>
internal sealed class SkipList(Action<BrokenRecord>? told)
{
    // What is said at the end; all are counted and told.
    private const int Shown = 5;

    private readonly ConcurrentDictionary<long, BrokenRecord> _records = [];

    public int Count => _records.Count;

    /// <summary>By number.</summary>
    public IReadOnlyList<BrokenRecord> Records => [.. _records.OrderBy(static r => r.Key).Select(static r => r.Value)];

    /// <summary>Null where none was.</summary>
    public string? Summary(long count)
    {
        var records = Records;
        if (records.Count == 0)
            return null;
        var more = records.Count > Shown ? FormattableString.Invariant($"\n  and {records.Count - Shown:N0} more") : "";
        return FormattableString.Invariant($"{records.Count:N0} of {count:N0} records skipped:\n  ") + string.Join("\n  ", records.Take(Shown)) + more;
    }

    public void Add(long index, BrokenRecord record)
    {
        if (_records.TryAdd(index, record))
            told?.Invoke(record);
    }
}
