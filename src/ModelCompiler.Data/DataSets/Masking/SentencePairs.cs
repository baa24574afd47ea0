namespace ModelCompiler.Data;

/// <summary>
/// Sentences with their neighbours, for a model to tell whether one follows another: a record is a sentence that another follows. In half
/// of its turns that one is the second of the pair, in the others any of another document; where there is one document, any of it but that one.
/// </summary>
public sealed class SentencePairs : IRecords<SentencePlace>
{
    private const uint Domain = 0x4E455854;

    private readonly IReadOnlyList<IReadOnlyList<string>> _documents;
    private readonly (int Document, int Sentence)[] _firsts;
    private readonly int[] _starts;
    private readonly string[] _all;

    /// <param name="documents">Sentences in their order; documents of one sentence only lend it as a second.</param>
    /// <exception cref="ArgumentException">No sentence follows another, or there are fewer than three.</exception>
    public SentencePairs(params IReadOnlyList<IReadOnlyList<string>> documents)
    {
        _documents = documents;
        _firsts = [.. documents.SelectMany(static (d, i) => Enumerable.Range(0, Math.Max(0, d.Count - 1)).Select(s => (i, s)))];
        _all = [.. documents.SelectMany(static d => d)];
        if (_firsts.Length == 0 || _all.Length < 3)
            throw new ArgumentException($"{_all.Length} sentences in {documents.Count} documents; legal are three or more, two of them in one.", nameof(documents));
        _starts = new int[documents.Count];
        for (var i = 1; i < _starts.Length; i++)
            _starts[i] = _starts[i - 1] + documents[i - 1].Count;
    }

    /// <inheritdoc/>
    public long Count => _firsts.Length;

    /// <summary>Sentences of each document that another follows.</summary>
    public IReadOnlyList<long> Parts => [.. _documents.Select(static d => (long)Math.Max(0, d.Count - 1))];

    /// <inheritdoc/>
    public string NameOf(long index)
    {
        var (document, sentence) = _firsts[this.Checked(index)];
        return FormattableString.Invariant($"document {document}, sentence {sentence}");
    }

    /// <inheritdoc/>
    public SentencePlace Read(long index) => new(this, (int)this.Checked(index));

    internal SentencePair Pair(int index, RandomStream random)
    {
        var (document, sentence) = _firsts[index];
        var sentences = _documents[document];
        if (random.Below(2) == 0)
            return new SentencePair(sentences[sentence], sentences[sentence + 1], true);

        // What is left out is one stretch: the document, or the sentence that follows.
        var isOnly = sentences.Count == _all.Length;
        var (first, count) = isOnly ? (sentence + 1, 1) : (_starts[document], sentences.Count);
        var drawn = (int)random.Below((uint)(_all.Length - count));
        return new SentencePair(sentences[sentence], _all[drawn < first ? drawn : drawn + count], false);
    }

    internal static RandomStream Random(DataRow row) => row.Random(Domain);
}

/// <summary>A sentence that another follows.</summary>
public readonly struct SentencePlace
{
    private readonly SentencePairs _pairs;
    private readonly int _index;

    internal SentencePlace(SentencePairs pairs, int index) => (_pairs, _index) = (pairs, index);

    /// <summary>The pair that it makes in its turn.</summary>
    public SentencePair Pair(DataRow row) => _pairs.Pair(_index, SentencePairs.Random(row));
}

/// <summary>Two sentences.</summary>
/// <param name="IsNext">The second follows the first where they come from.</param>
public readonly record struct SentencePair(string First, string Second, bool IsNext);
