using System.Diagnostics;
using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>The heap of long pieces merges what the scan of short ones merges, and every piece in time.</summary>
public sealed class SymbolMergerTests
{
    [Fact]
    public void Heap_and_scan_make_the_same_symbols() => Gen.Select(
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 7], Gen.Int[0, 7]).Array[0, 30], Gen.Int[0, 7].Array[2, 60]).Sample(static (merges, symbols) =>
    {
        // A pair can be there again, and what it becomes can be anything: files say what they like.
        var table = new PairTable(merges);
        Assert.Equal(Run(table, symbols, int.MaxValue), Run(table, symbols, 0));
    });

    [Fact]
    public void The_lowest_rank_goes_first_and_the_leftmost_of_equals()
    {
        var table = new PairTable([(1, 2, 3), (0, 1, 4), (0, 0, 5)]);
        Assert.Equal([(0, 1), (3, 2)], Run(table, [0, 1, 2], 64));
        Assert.Equal([(5, 2), (0, 1)], Run(table, [0, 0, 0], 64));
        Assert.Equal([(5, 2), (0, 1)], Run(table, [0, 0, 0], 0));
    }

    [Fact]
    public void Of_equal_pairs_in_the_list_the_last_one_counts() => Assert.Equal([(9, 2)], Run(new PairTable([(0, 1, 8), (0, 1, 9)]), [0, 1], 64));

    // Quadratic merging would take a quarter of an hour.
    [Fact]
    public void A_word_of_a_million_letters_takes_a_moment()
    {
        var tokenizer = Tokenizer.Load(Path.Combine(GoldenFolder.Path, "trained-bytes"));
        var word = string.Create(1_000_000, 0, static (letters, _) =>
        {
            for (var i = 0; i < letters.Length; i++)
                letters[i] = (char)('a' + (i * 7919L % 26));
        });
        var start = Stopwatch.GetTimestamp();
        Assert.Equal(word, tokenizer.Decode(tokenizer.EncodeToIds(word)));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 60);
    }

    private static (int Id, int Length)[] Run(PairTable table, int[] symbols, int longestScan)
    {
        var merger = new SymbolMerger();
        foreach (var symbol in symbols)
            merger.Add(symbol, 1);
        merger.Merge(table, longestScan);
        return [.. merger.Ids.ToArray().Zip(merger.Lengths.ToArray())];
    }
}
