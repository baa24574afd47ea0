namespace ModelCompiler.Data;

/// <summary>
/// WebDataset shards: tar archives, plain or packed with gzip, each a part of the set. Opening reads headers alone; a record's files are
/// read when they are asked for, in any order. Packed shards are unpacked to temporary files first.
/// </summary>
public sealed class ShardSet : IRecords<ShardRecord>, IDisposable
{
    private readonly Shard[] _shards;
    private readonly IRecords<(Shard Shard, int Record)> _records;

    private ShardSet(Shard[] shards)
    {
        _shards = shards;
        _records = Records.Concat([.. shards.Select(static s => Records.Of(s.Count, i => (s, (int)i), i => $"{s.Name}: {s.KeyOf((int)i)}"))]);
    }

    /// <summary>Opens shards.</summary>
    /// <exception cref="FileNotFoundException">There is no such file; the message says what its folder holds.</exception>
    /// <exception cref="InvalidDataException">One is no archive, or cut short; a key comes back after others, or has two files of one ending.</exception>
    public static ShardSet Open(params IReadOnlyList<string> paths)
    {
        var shards = new List<Shard>(paths.Count);
        try
        {
            foreach (var path in paths)
                shards.Add(new Shard(path));
            return new ShardSet([.. shards]);
        }
        catch
        {
            shards.ForEach(static s => s.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public long Count => _records.Count;

    /// <inheritdoc/>
    public IReadOnlyList<long> Parts => _records.Parts;

    /// <summary>The archive and the key.</summary>
    public string NameOf(long index) => _records.NameOf(index);

    /// <summary>The key alone, which other shards may have too.</summary>
    public string KeyOf(long index)
    {
        var (shard, record) = _records.Read(index);
        return shard.KeyOf(record);
    }

    /// <inheritdoc/>
    public ShardRecord Read(long index)
    {
        var (shard, record) = _records.Read(index);
        return shard.Read(record);
    }

    public void Dispose() => Array.ForEach(_shards, static s => s.Dispose());
}
