namespace ModelCompiler.Data;

/// <summary>One archive: files that follow each other and share a name up to its first dot are a record.</summary>
internal sealed class Shard : IDisposable
{
    private readonly SeekableFile _file;
    private readonly List<string> _keys = [];
    private readonly List<int> _ends = [];
    private readonly ShardPart[] _parts;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no archive, or cut short; a name comes back after others, or a record has two files of one ending.</exception>
    public Shard(string path)
    {
        _file = SeekableFile.Open(path);
        try
        {
            _parts = Group(TarIndex.Read(_file));
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public int Count => _keys.Count;

    public string Name => _file.Name;

    public string KeyOf(int record) => _keys[record];

    public ShardRecord Read(int record)
    {
        var first = record == 0 ? 0 : _ends[record - 1];
        return new ShardRecord(_file, _keys[record], new ArraySegment<ShardPart>(_parts, first, _ends[record] - first));
    }

    public void Dispose() => _file.Dispose();

    private ShardPart[] Group(List<TarMember> entries)
    {
        var parts = new List<ShardPart>(entries.Count);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var extensions = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var (key, extension) = Split(entry.Name);
            if (extension.Length == 0)
                continue; // no part of a record: WebDataset passes over it as well
            if (_keys.Count == 0 || _keys[^1] != key)
            {
                if (!keys.Add(key))
                    throw new InvalidDataException($"{Name}: '{key}' comes back after other records; legal is that files of one record follow each other.");
                _keys.Add(key);
                _ends.Add(parts.Count);
                extensions.Clear();
            }

            if (!extensions.Add(extension))
                throw new InvalidDataException($"{Name}: '{key}' has two files .{extension}.");
            parts.Add(new ShardPart(extension, entry.Start, entry.Length));
            _ends[^1] = parts.Count;
        }

        return [.. parts];
    }

    // The first dot behind the folder; what begins with one is hidden, as what file managers leave behind. WebDataset takes endings in lower case, too.
    private static (string Key, string Extension) Split(string path)
    {
        while (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        var name = path.LastIndexOf('/') + 1;
        var dot = path.IndexOf('.', name);
        return dot <= name ? (path, "") : (path[..dot], path[(dot + 1)..].ToLowerInvariant());
    }
}
