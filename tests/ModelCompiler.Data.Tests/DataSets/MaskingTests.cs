using CsCheck;
using ModelCompiler.Runtime;

namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>Hidden tokens: how many, which, and what is put in their place, from the same numbers always the same.</summary>
public sealed class MaskingTests
{
    private const int Vocabulary = 50;
    private const int Mask = 4;
    private const int Pad = 0;

    // Ids of 40 and more continue words.
    private static Masking New(bool wholeWords = false) => new(Vocabulary, Mask, [0, 1, 2, 3], static id => id >= 40) { WholeWords = wholeWords };

    private static (int[] Ids, int[] Targets) Apply(Masking masking, int[] row, ulong index)
    {
        var (ids, targets) = ((int[])row.Clone(), new int[row.Length]);
        masking.Apply(ids, [.. row.Select(static id => id == Pad ? 0 : 1)], targets, new RandomStream(1, 2, index));
        return (ids, targets);
    }

    [Fact]
    public void A_seventh_is_chosen_and_nothing_else_changes() => Gen.Select(Gen.Int[0, 49].Where(static i => i != Mask).Array[1, 120], Gen.ULong, Gen.Bool).Sample(static (row, index, whole) =>
    {
        var (ids, targets) = Apply(New(whole), row, index);
        var (candidates, chosen) = (row.Count(static id => id > 4), targets.Count(static t => t >= 0));
        for (var i = 0; i < row.Length; i++)
        {
            Assert.Equal(row[i], targets[i] < 0 ? ids[i] : targets[i]);
            Assert.True(targets[i] < 0 || row[i] > 4); // neither special tokens nor padding
            Assert.True(ids[i] == row[i] || ids[i] >= Mask);
        }

        var wanted = candidates == 0 ? 0 : Math.Max(1, (int)Math.Round(0.15 * candidates, MidpointRounding.AwayFromZero));
        if (!whole)
            Assert.Equal(wanted, chosen);
        else
            Assert.True(candidates == 0 ? chosen == 0 : chosen >= 1);
        Assert.Equal(ids, Apply(New(whole), row, index).Ids);
        Assert.Equal(targets, Apply(New(whole), row, index).Targets);
    }, iter: 500);

    [Fact]
    public void Eight_tenths_become_the_mask_a_tenth_another_and_a_tenth_stay()
    {
        int[] row = [.. Enumerable.Range(0, 100).Select(static i => 5 + (i % 35))];
        var (masked, stayed, other, seen, places) = (0, 0, 0, new HashSet<int>(), new int[100]);
        for (var index = 0ul; index < 2_000; index++)
        {
            var (ids, targets) = Apply(New(), row, index);
            for (var i = 0; i < row.Length; i++)
            {
                if (targets[i] < 0)
                    continue;
                places[i]++;
                masked += ids[i] == Mask ? 1 : 0;
                stayed += ids[i] == row[i] ? 1 : 0;
                other += ids[i] != Mask && ids[i] != row[i] ? 1 : 0;
                seen.Add(ids[i]);
            }
        }

        Assert.Equal(30_000, masked + stayed + other);
        Assert.InRange(masked, 23_700, 24_300);
        Assert.InRange(stayed, 2_850, 3_300); // 1 in 45 of the random ones is the token itself
        Assert.InRange(other, 2_700, 3_150);
        Assert.Equal(Enumerable.Range(4, 46), seen.Order());
        Assert.All(places, static p => Assert.InRange(p, 220, 380));
    }

    [Fact]
    public void Whole_words_are_chosen_whole() => Gen.Select(Gen.OneOf(Gen.Int[5, 49], Gen.Int[35, 49], Gen.Const(Pad), Gen.Const(2)).Array[10, 100], Gen.ULong).Sample(static (row, index) =>
    {
        var (_, targets) = Apply(New(wholeWords: true), row, index);
        for (var i = 1; i < row.Length; i++)
        {
            if (row[i] >= 40 && row[i - 1] > 4)
                Assert.Equal(targets[i - 1] >= 0, targets[i] >= 0);
        }

        var candidates = row.Count(static id => id > 4);
        var wanted = Math.Max(1, Math.Round(0.15 * candidates, MidpointRounding.AwayFromZero));
        var (chosen, longest, length) = (targets.Count(static t => t >= 0), 0, 0);
        for (var i = 0; i < row.Length; i++)
            longest = Math.Max(longest, length = row[i] <= 4 ? 0 : row[i] >= 40 && length > 0 ? length + 1 : 1);
        Assert.True(chosen <= Math.Max(wanted, longest), $"{chosen} of {candidates}");
    }, iter: 500);

    [Fact]
    public void A_tokenizer_says_what_is_special_and_what_continues_a_word()
    {
        var tokenizer = TokenizerTraining.WordPiece(["walking talking walked talked stalking"], new VocabularyTraining { Size = 1 }); // letters alone
        var row = tokenizer.EncodeToIds("walking talked qqq");
        var masking = new Masking(tokenizer) { Share = 1, MaskShare = 1, RandomShare = 0, WholeWords = true };
        var (targets, ids) = (new int[row.Length], (int[])row.Clone());
        masking.Apply(ids, [.. row.Select(static _ => 1)], targets, new RandomStream(1, 2, 3));
        int[] special = [.. new[] { "[CLS]", "[SEP]", "[UNK]" }.Select(t => tokenizer.Vocabulary[t])];
        for (var i = 0; i < row.Length; i++)
            Assert.Equal(special.Contains(row[i]) ? (row[i], -1) : (tokenizer.Vocabulary["[MASK]"], row[i]), (ids[i], targets[i]));
        var half = new Masking(tokenizer) { Share = 1e-9, WholeWords = true };
        half.Apply(row, [.. row.Select(static _ => 1)], targets, new RandomStream(1, 2, 3));
        var word = targets.Index().Where(static t => t.Item >= 0).ToArray();
        Assert.True(word.Length > 1 && tokenizer.Vocabulary[word[0].Item]![0] != '#' && word.Skip(1).All(t => tokenizer.Vocabulary[t.Item]!.StartsWith("##", StringComparison.Ordinal)));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.Contains("Id 9 is special; legal is 0..8", Assert.Throws<ArgumentException>(static () => new Masking(9, 1, [9])).Message);
        Assert.Contains("All of the 2 ids", Assert.Throws<ArgumentException>(static () => new Masking(2, 1, [0])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Masking(9, 1, []) { Share = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Masking(9, 1, []) { MaskShare = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Masking(9, 1, []) { RandomShare = double.NaN });
        Assert.Contains("MaskShare is 0.75 and RandomShare 0.5, together 1.25; legal is up to 1.",
            Assert.Throws<ArgumentException>(static () => new Masking(9, 1, []) { MaskShare = 0.75, RandomShare = 0.5 }.Apply(new int[1], new int[1], new int[1], default)).Message);
        new Masking(9, 1, []) { MaskShare = 0.7, RandomShare = 0.3 }.Apply(new int[1], new int[1], new int[1], default);
        Assert.Contains("Id 50 is outside", Assert.Throws<ArgumentException>(static () => Apply(New(), [50], 0)).Message);
        Assert.Throws<ArgumentException>(static () => New().Apply(new int[2], new int[1], new int[2], default));
    }

    [Fact]
    public void Texts_and_pairs_fill_the_rows_of_a_batch()
    {
        var tokenizer = TokenizerTraining.WordPiece(["the cat sat on the mat and the dog ran"], new VocabularyTraining { Size = 60 });
        var masking = new Masking(tokenizer);
        var options = new DataOptions { Batch = 3, Seed = 1, Threads = 2 };
        var texts = Records.Of(["the cat sat", "on the mat", "and the dog ran"]).ToMaskedBatches(tokenizer, masking, options, n => new Batch(n, 8, tokenizer.Vocabulary.Size), static b => (b.Inputs, b.Targets));
        var pairs = new SentencePairs(["the cat sat", "on the mat", "and the dog", "ran"]).ToMaskedBatches(
            tokenizer, masking, options, n => new Batch(n, 20, tokenizer.Vocabulary.Size), static b => (b.Inputs, b.Targets, b.Next));
        var (text, pair) = (texts.Get(0, null), pairs.Get(0, null));
        foreach (var batch in new[] { text, pair })
        {
            Assert.All(Enumerable.Range(0, 3), row => Assert.Contains(batch.Targets.Skip(row * batch.Inputs.Length).Take(batch.Inputs.Length), static t => t >= 0));
            Assert.All(batch.Targets.Index(), t => Assert.True(t.Item < 0 || batch.Inputs.Mask[t.Index] == 1));
            Assert.All(Enumerable.Range(0, 3), row => Assert.Equal(tokenizer.Vocabulary["[CLS]"], batch.Inputs.Ids[row * batch.Inputs.Length]));
        }

        Assert.Null(text.Inputs.Segments);
        Assert.All(Enumerable.Range(0, 3), row => Assert.Contains(1, pair.Inputs.Segments!.Skip(row * 20).Take(20)));
        Assert.Equal([0, 1], Enumerable.Range(0, 30).SelectMany(i => pairs.Get(i, null).Next).Distinct().Order());
        Assert.NotEqual(text.Targets, texts.Get(1, null).Targets);
        Assert.Equal(text.Targets, texts.Get(0, texts.Get(5, null)).Targets);
        Assert.Equal(pair.Inputs.Ids, pairs.Get(0, pairs.Get(5, null)).Inputs.Ids);
    }

    private sealed class Batch(int rows, int length, int vocabulary)
    {
        public Rows Inputs { get; } = new(rows, length, vocabulary);

        public int[] Targets { get; } = new int[rows * length];

        public int[] Next { get; } = new int[rows];
    }

    private sealed class Rows(int rows, int length, int vocabulary) : TokenBatch(rows, length, vocabulary, 64);
}
