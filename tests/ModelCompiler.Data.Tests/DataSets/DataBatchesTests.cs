using CsCheck;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>Batches are functions of their number: with any number of threads, through broken records, in parts and over ranks.</summary>
public sealed class DataBatchesTests
{
    private static DataBatches<long, long[]> Batches(long count, DataOptions options, Func<long, bool>? isBroken = null) =>
        Records.Of(count, i => isBroken?.Invoke(i) ?? false ? throw new InvalidDataException("it is broken") : i, static i => $"r{i}")
            .ToBatches(options, static n => new long[n], static (record, batch, row) => batch[row.Index] = (record * 1_000_000) + row.Random(7).Below(1_000_000));

    private static long[] Drawn(long[] batch) => [.. batch.Select(static b => b / 1_000_000)];

    [Fact]
    public void Nothing_but_the_number_decides_what_a_batch_holds() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 9], Gen.ULong, Gen.Int[1, 4], Gen.Long[0, 60].Array[1, 10]).Sample(
        static (count, size, seed, threads, numbers) =>
        {
            bool IsBroken(long i) => i % 5 == 3;
            var options = new DataOptions { Batch = size, Seed = seed, Threads = 1, ShuffleBuffer = 8 };
            var batches = Batches(count, options with { Threads = threads }, IsBroken);
            long[]? reuse = null;
            foreach (var number in numbers)
            {
                reuse = batches.Get(number, reuse);
                Assert.Equal(Batches(count, options, IsBroken).Get(number, null), reuse);
                Assert.DoesNotContain(Drawn(reuse), IsBroken);
            }
        }, iter: 200);

    [Fact]
    public void Batches_go_on_over_the_ends_of_epochs_and_leave_nothing_out()
    {
        var batches = Batches(10, new DataOptions { Batch = 4, Seed = 1, Threads = 2 });
        Assert.Equal(3, batches.Count);
        var drawn = Enumerable.Range(0, 5).SelectMany(i => Drawn(batches.Get(i, null))).ToArray();
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => (long)i), drawn[..10].Order());
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => (long)i), drawn[10..].Order());
        Assert.NotEqual(drawn[..10], drawn[10..]);
    }

    [Fact]
    public void Ranks_together_see_what_one_process_sees()
    {
        var alone = Batches(50, new DataOptions { Batch = 12, Seed = 2 });
        IBatches<long[]>[] ranks = [.. Enumerable.Range(0, 3).Select(static r => Batches(50, new DataOptions { Batch = 4, Seed = 2, Rank = r, Ranks = 3 }))];
        for (var number = 0; number < 9; number++)
            Assert.Equal(alone.Get(number, null), ranks.SelectMany(r => r.Get(number, null)));
        Assert.All(ranks, r => Assert.Equal(alone.Count, r.Count));
    }

    [Fact]
    public void What_is_drawn_for_a_record_differs_by_epoch_and_by_use()
    {
        var batches = Batches(4, new DataOptions { Batch = 4, Seed = 1, ShuffleBuffer = 0 });
        Assert.Equal(Drawn(batches.Get(0, null)), Drawn(batches.Get(1, null)));
        Assert.NotEqual(batches.Get(0, null), batches.Get(1, null));
        var row = new DataRow(0, new Draw(1, 2), 3, 10);
        Assert.NotEqual(row.Random(1).Word(), row.Random(2).Word());
        Assert.Equal((12ul, 3ul, 1L, 2L), (row.Turn, row.Seed, row.Epoch, row.Record));
    }

    [Fact]
    public void Broken_records_are_skipped_told_once_and_counted()
    {
        var told = new List<BrokenRecord>();
        var options = new DataOptions { Batch = 10, Threads = 1, Skipped = told.Add };
        var batches = Batches(30, options, static i => i is 4 or 17);
        for (var number = 0; number < 9; number++)
            Assert.DoesNotContain(Drawn(batches.Get(number, null)), static r => r is 4 or 17);
        Assert.Equal(2, batches.SkippedCount);
        Assert.Equal([new("r4", "it is broken"), new("r17", "it is broken")], batches.Skipped);
        Assert.Equal(["r17", "r4"], told.Select(static t => t.Name).Order(StringComparer.Ordinal));
        Assert.Equal("2 of 30 records skipped:\n  r4: it is broken\n  r17: it is broken", batches.Summary);
        Assert.Null(Batches(30, options).Summary);
        var most = Batches(30, options with { Skipped = null }, static i => i < 8);
        most.Get(0, null);
        most.Get(1, null);
        most.Get(2, null);
        Assert.EndsWith("r4: it is broken\n  and 3 more", most.Summary);
    }

    [Fact]
    public void A_broken_record_stops_the_run_where_that_is_asked_for()
    {
        var batches = Batches(30, new DataOptions { Batch = 10, ShuffleBuffer = 0, Broken = BrokenRecords.Stop, Threads = 3 }, static i => i is 14 or 17);
        batches.Get(0, null);
        var error = Assert.Throws<BrokenRecordException>(() => batches.Get(1, null));
        Assert.Equal("r14: it is broken", error.Message); // the first of the batch, whichever thread came first
        Assert.Equal("r14", error.Record.Name);
    }

    [Fact]
    public void A_set_that_is_broken_all_over_is_not_skipped_for_ever() =>
        Assert.Contains("100 others", Assert.Throws<BrokenRecordException>(static () => Batches(30, new DataOptions { Batch = 1 }, static _ => true).Get(0, null)).Message);

    [Fact]
    public void Mistakes_of_the_program_are_no_broken_records()
    {
        var batches = Records.Of(9L, static i => i).ToBatches(new DataOptions { Batch = 3, Threads = 2 }, static n => new long[n], static (_, batch, row) => batch[row.Index + 7] = 1);
        Assert.Throws<IndexOutOfRangeException>(() => batches.Get(0, null));
    }

    [Fact]
    public void Sources_are_mixed_by_weight_and_what_is_broken_is_replaced_from_its_own()
    {
        var (few, many) = (Records.Of(3L, static i => i), Records.Of(90L, static i => i % 2 == 0 ? 100 + i : throw new FormatException("odd")));
        WeightedRecords<long>[] sources = [new(few, 1), new(many, 3)];
        var batches = sources.ToBatches(new DataOptions { Batch = 100, Seed = 5 }, static n => new long[n], static (record, batch, row) => batch[row.Index] = record);
        var drawn = Enumerable.Range(0, 100).SelectMany(i => batches.Get(i, null)).ToArray();
        Assert.Equal(2_500, drawn.Count(static d => d < 3));
        Assert.All(drawn.Where(static d => d >= 3), static d => Assert.True(d >= 100 && d % 2 == 0));
        Assert.Equal(45, batches.SkippedCount);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => Batches(3, new DataOptions { Batch = 0 }));
        Assert.Contains("0..1", Assert.Throws<ArgumentOutOfRangeException>(static () => Batches(3, new DataOptions { Batch = 1, Rank = 2, Ranks = 2 })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(static () => Batches(3, new DataOptions { Batch = 1 }).Get(-1, null));
        Assert.Throws<ArgumentOutOfRangeException>(static () => Batches(0, new DataOptions { Batch = 1 }));
    }

    [Fact]
    public void Sets_of_sets_keep_numbers_names_and_parts()
    {
        var set = Records.Concat(Records.Of(["a", "b"], static r => r), Records.Of<string>([]), Records.Of(["c"], static r => r)).Select(static r => r + "!");
        Assert.Equal((3, "a!", "c!", "c"), (set.Count, set.Read(0), set.Read(2), set.NameOf(2)));
        Assert.Equal([2, 0, 1], set.Parts);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Read(3));
        var rest = set.WhereName(static n => n != "b");
        Assert.Equal(("a!", "c!", 2), (rest.Read(0), rest.Read(1), rest.Count));
        Assert.Equal([1, 0, 1], rest.Parts);
    }

    [Fact]
    public void A_batch_of_like_lengths_is_as_long_as_its_longest_whatever_is_broken()
    {
        static bool IsBroken(long i) => i % 5 == 3;
        DataBatches<long, long[]> Batches(int threads) => Records.Of(200, static i => IsBroken(i) ? throw new InvalidDataException("it is broken") : i, static i => $"r{i}").ToBatches(
            new DataOptions { Batch = 4, Seed = 1, Threads = threads }, static i => 1 + (int)(i % 20), static long[] (int rows, int length) => [.. Enumerable.Repeat(-1L, rows + 1).Append(length)],
            static (record, batch, row) => batch[row.Index] = record);
        var (batches, again) = (Batches(3), Batches(1));
        long[]? reuse = null;
        var spread = new List<long>();
        for (var number = 0; number < 100; number++)
        {
            reuse = batches.Get(number, reuse);
            Assert.Equal(again.Get(number, null), reuse);
            var (rows, length) = (reuse[..4], reuse[^1]);
            Assert.DoesNotContain(rows, IsBroken);
            Assert.All(rows, i => Assert.InRange(1 + (i % 20), 1, length));
            spread.Add(length - rows.Min(static i => 1 + (i % 20)));
        }

        Assert.InRange(batches.SkippedCount, 30, 40);
        Assert.InRange(spread.Average(), 0, 5); // of rows in any order it would be 12
    }

    [Fact]
    public void A_record_without_tokens_is_refused() => Assert.Contains("r2 has a length of 0; legal is 1 or more", Assert.Throws<ArgumentOutOfRangeException>(
        static () => Records.Of(4, static i => i, static i => $"r{i}").ToBatches(new DataOptions { Batch = 2 }, static i => 2 - (int)i, static (rows, _) => new long[rows], static (_, _, _) => { })).Message, StringComparison.Ordinal);
}
