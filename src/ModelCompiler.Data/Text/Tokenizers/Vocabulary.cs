namespace ModelCompiler.Data;

/// <summary>Tokens by id and ids by token. Ids start at 0 and may have gaps.</summary>
public sealed class Vocabulary
{
    // More than any published vocabulary by far; an id beyond is a mistake, and would only take memory.
    private const int MostIds = 1 << 24;

    private readonly string?[] _tokens;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>Tokens whose place is their id.</summary>
    /// <exception cref="ArgumentException">A token occurs twice.</exception>
    public Vocabulary(IEnumerable<string> tokens)
        : this(tokens.Select(static (token, id) => KeyValuePair.Create(token, id)))
    {
    }

    /// <summary>Tokens and their ids in any order.</summary>
    /// <exception cref="ArgumentException">A token or an id occurs twice, or an id is outside 0..16777215.</exception>
    public Vocabulary(IEnumerable<KeyValuePair<string, int>> tokens)
    {
        _ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var last = -1;
        foreach (var (token, id) in tokens)
        {
            if (id is < 0 or >= MostIds)
                throw new ArgumentException($"Token '{token}' has the id {id}; legal is 0..{MostIds - 1}.", nameof(tokens));
            if (!_ids.TryAdd(token, id))
                throw new ArgumentException($"Token '{token}' has the ids {_ids[token]} and {id}; legal is one.", nameof(tokens));
            last = Math.Max(last, id);
        }

        _tokens = new string?[last + 1];
        foreach (var (token, id) in _ids)
        {
            if (_tokens[id] is { } other)
                throw new ArgumentException($"'{other}' and '{token}' both have the id {id}; legal is one token.", nameof(tokens));
            _tokens[id] = token;
        }

        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Number of tokens.</summary>
    public int Count => _ids.Count;

    /// <summary>One more than the largest id: rows that a model's table needs.</summary>
    public int Size => _tokens.Length;

    /// <summary>Tokens and ids, by rising id.</summary>
    public IEnumerable<KeyValuePair<string, int>> Entries
    {
        get
        {
            for (var id = 0; id < _tokens.Length; id++)
            {
                if (_tokens[id] is { } token)
                    yield return KeyValuePair.Create(token, id);
            }
        }
    }

    /// <summary>The token of an id; null for ids that have none.</summary>
    public string? this[int id] => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    /// <summary>The id of a token.</summary>
    /// <exception cref="KeyNotFoundException">The vocabulary does not have it.</exception>
    public int this[string token] => _ids.TryGetValue(token, out var id) ? id : throw new KeyNotFoundException($"Token '{token}' is not among the vocabulary's {Count}.");

    /// <summary>Finds a token's id without making a string.</summary>
    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _lookup.TryGetValue(token, out id);

    public bool Contains(string token) => _ids.ContainsKey(token);
}
