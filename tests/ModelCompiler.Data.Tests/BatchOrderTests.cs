using CsCheck;

namespace ModelCompiler.Data.Tests;

/// <summary>Every index once an epoch, and a stored position resumes with the batches that were to come.</summary>
public sealed class BatchOrderTests
{
    private static readonly Gen<(int Count, int Batch, ulong Seed)> s_setting = Gen.Select(Gen.Int[1, 60], Gen.Int[1, 70], Gen.ULong);

    private static long[] Next(BatchOrder order)
    {
        var indices = new long[order.Batch];
        return indices[..order.Next(indices)];
    }

    [Fact]
    public void An_epoch_is_a_permutation() => s_setting.Sample(setting =>
    {
        var order = new BatchOrder(setting.Count, setting.Batch, setting.Seed, dropLast: false);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var seen = new List<long>();
            for (var i = 0; i < order.BatchesPerEpoch; i++)
            {
                Assert.Equal(epoch, order.Position.Epoch);
                seen.AddRange(Next(order));
            }

            Assert.Equal(Enumerable.Range(0, setting.Count).Select(i => (long)i), seen.Order());
        }
    }, iter: 300);

    [Fact]
    public void Dropping_the_last_batch_leaves_full_ones_only() => s_setting.Where(s => s.Batch <= s.Count).Sample(setting =>
    {
        var order = new BatchOrder(setting.Count, setting.Batch, setting.Seed);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var seen = new List<long>();
            for (var i = 0; i < order.BatchesPerEpoch; i++)
                seen.AddRange(Next(order));
            Assert.Equal(setting.Count / setting.Batch * setting.Batch, seen.Count);
            Assert.Distinct(seen);
            Assert.Equal(new BatchPosition(epoch + 1, 0), order.Position);
        }
    }, iter: 300);

    [Fact]
    public void A_stored_position_resumes_exactly() => Gen.Select(s_setting.Where(s => s.Batch <= s.Count), Gen.Int[0, 200], Gen.Bool).Sample((setting, steps, drop) =>
    {
        var order = new BatchOrder(setting.Count, setting.Batch, setting.Seed, drop);
        for (var i = 0; i < steps; i++)
            Next(order);
        var resumed = new BatchOrder(setting.Count, setting.Batch, setting.Seed, drop) { Position = order.Position };
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Next(order), Next(resumed));
            Assert.Equal(order.Position, resumed.Position);
        }
    }, iter: 200);

    [Fact]
    public void Orders_differ_by_epoch_and_seed_but_never_by_run()
    {
        var order = new BatchOrder(100, 100, seed: 3);
        var (first, second) = (Next(order), Next(order));
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, Next(new BatchOrder(100, 100, seed: 4)));
        Assert.Equal([0, 1, 2, 3], Next(new BatchOrder(6, 4, 3, shuffle: false)));
        Assert.Equal([0, 7, 3, 6, 1, 4, 5, 2, 9, 8], Next(new BatchOrder(10, 10, seed: 1)));
    }

    [Fact]
    public void Every_place_of_an_item_is_as_likely()
    {
        var order = new BatchOrder(5, 5, seed: 9);
        var counts = new int[5];
        for (var epoch = 0; epoch < 10_000; epoch++)
            counts[Array.IndexOf(Next(order), 0L)]++;
        Assert.All(counts, count => Assert.InRange(count, 1_850, 2_150));
    }

    [Fact]
    public void Bad_arguments_are_named_with_what_is_legal()
    {
        Assert.Contains("0 items", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchOrder(0, 1, 0)).Message);
        Assert.Contains("1 or more", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchOrder(4, 0, 0)).Message);
        Assert.Contains("1..4", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchOrder(4, 5, 0)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchOrder(1L << 40, 5, 0));
        var order = new BatchOrder(4, 2, 0);
        Assert.Contains("a batch has 2", Assert.Throws<ArgumentException>(() => order.Next(new long[1])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => order.Position = new BatchPosition(-1, 0));
        Assert.Contains("0..4", Assert.Throws<ArgumentOutOfRangeException>(() => order.Position = new BatchPosition(0, 5)).Message);
    }
}
