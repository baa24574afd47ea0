using System.Runtime.InteropServices;

namespace ModelCompiler.Data;

/// <summary>How often each piece occurs in texts, normalized and cut as a tokenizer would. On several threads; the counts do not depend on how many.</summary>
internal static class WordCounts
{
    // Texts handed out at a time.
    private const int Handful = 256;

    public static Dictionary<string, long> Of(IEnumerable<string> texts, TextNormalizer? normalizer, PreTokenizer? preTokenizer, int threads)
    {
        var total = new Dictionary<string, long>(StringComparer.Ordinal);
        Parallel.ForEach(
            texts.Chunk(Handful), new ParallelOptions { MaxDegreeOfParallelism = threads }, static () => new Counter(),
            (chunk, _, counter) =>
            {
                foreach (var text in chunk)
                    counter.Add(text, normalizer, preTokenizer);
                return counter;
            },
            counter =>
            {
                lock (total)
                {
                    foreach (var (word, count) in counter.Counts)
                        CollectionsMarshal.GetValueRefOrAddDefault(total, word, out _) += count;
                }
            });
        return total;
    }

    private sealed class Counter
    {
        private readonly EncodeScratch _scratch = new();
        private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;

        public Counter() => _lookup = Counts.GetAlternateLookup<ReadOnlySpan<char>>();

        public Dictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

        public void Add(string text, TextNormalizer? normalizer, PreTokenizer? preTokenizer)
        {
            var aligned = _scratch.Text;
            aligned.Load(text, 0);
            normalizer?.Apply(aligned);
            _scratch.Pieces.Clear();
            _scratch.Pieces.Add(0, aligned.Length);
            if (aligned.Length > 0)
                preTokenizer?.Apply(aligned, _scratch);
            for (var i = 0; i < _scratch.Pieces.Count; i++)
                CollectionsMarshal.GetValueRefOrAddDefault(_lookup, aligned.Text[_scratch.Pieces.Start(i).._scratch.Pieces.End(i)], out _)++;
        }
    }
}
