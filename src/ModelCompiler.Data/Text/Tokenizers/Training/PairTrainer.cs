namespace ModelCompiler.Data;

/// <summary>
/// Byte-pair training: the most frequent pair of neighbours is merged wherever it stands, from the left, until there are tokens enough. Every
/// pair counts once a place, overlapping ones too. Of equally frequent pairs the smaller left id goes first, then the smaller right one. A
/// merge that makes a token which is there already is a merge, and no new token.
/// </summary>
internal sealed class PairTrainer
{
    private readonly List<string> _tokens;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<int[]> _words = [];
    private readonly List<int> _lengths = [];
    private readonly List<long> _counts = [];
    private readonly PairCounts _pairs = new();
    private readonly int _prefixLength;
    private readonly string _prefix;

    /// <param name="start">Special tokens and letters, by id.</param>
    /// <param name="prefix">Written before letters that continue a word, and dropped where such a token joins one before it.</param>
    public PairTrainer(IEnumerable<string> start, string prefix)
    {
        (_tokens, _prefix, _prefixLength) = ([.. start.Distinct()], prefix, prefix.Length);
        for (var id = 0; id < _tokens.Count; id++)
            _ids.Add(_tokens[id], id);
    }

    /// <summary>All tokens by id.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>All merges in their order.</summary>
    public List<(string Left, string Right)> Merges { get; } = [];

    /// <summary>A word that occurs so often, as its letters; those that are no token are left out.</summary>
    public void Add(IEnumerable<string> letters, long count)
    {
        int[] word = [.. letters.Select(l => _ids.TryGetValue(l, out var id) ? id : -1).Where(static id => id >= 0)];
        for (var i = 0; i + 1 < word.Length; i++)
            _pairs.Add(word[i], word[i + 1], count, _words.Count);
        _words.Add(word);
        _lengths.Add(word.Length);
        _counts.Add(count);
    }

    public void Run(int size, long minFrequency)
    {
        while (_tokens.Count < size && _pairs.TryTakeBest(out var best, out var count, out var words) && count >= Math.Max(1, minFrequency))
        {
            var (left, right) = (_tokens[best.Left], _tokens[best.Right]);
            var token = left + (_prefixLength > 0 && right.StartsWith(_prefix, StringComparison.Ordinal) ? right[_prefixLength..] : right);
            if (!_ids.TryGetValue(token, out var id))
            {
                id = _tokens.Count;
                _ids.Add(token, id);
                _tokens.Add(token);
            }

            Merges.Add((left, right));
            foreach (var word in words)
                Merge(word, best.Left, best.Right, id);
        }
    }

    // Only pairs beside a place that is merged change; where two such places touch, the pair between them is the right one's.
    private void Merge(int number, int left, int right, int result)
    {
        var (word, length, count) = (_words[number], _lengths[number], _counts[number]);
        var (kept, before) = (0, -1); // what is written over the word, and what stood before the place in it as it was
        for (var at = 0; at < length; at++)
        {
            if (!IsAt(at))
            {
                word[kept++] = before = word[at];
                continue;
            }

            if (at > 0)
            {
                _pairs.Remove(before, left, count);
                _pairs.Add(word[kept - 1], result, count, number);
            }

            _pairs.Remove(left, right, count);
            word[kept++] = result;
            before = right;
            at++;
            if (at + 1 < length && !IsAt(at + 1))
            {
                _pairs.Remove(right, word[at + 1], count);
                _pairs.Add(result, word[at + 1], count, number);
            }
        }

        _lengths[number] = kept;

        bool IsAt(int place) => place + 1 < length && word[place] == left && word[place + 1] == right;
    }
}
