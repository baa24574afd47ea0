using CsCheck;

namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>Orders: every record once an epoch, near where it was, from any place alike, and by weights.</summary>
public sealed class OrderTests
{
    private static readonly Gen<(long[] Parts, int? Buffer, ulong Seed)> s_setting = Gen.Select(
        Gen.Long[0, 20].Array[1, 5].Where(static p => p.Sum() > 0), Gen.OneOf(Gen.Const((int?)null), Gen.Int[0, 30].Select(static b => (int?)b)), Gen.ULong);

    private static long[] Epoch(IDrawOrder order, long epoch) => [.. Enumerable.Range(0, (int)order.EpochLength).Select(i => order.At((epoch * order.EpochLength) + i).Index)];

    [Fact]
    public void An_epoch_is_a_permutation() => s_setting.Sample(static setting =>
    {
        var order = new ShuffledOrder(5, setting.Parts, setting.Seed, setting.Buffer);
        for (var epoch = 0; epoch < 3; epoch++)
            Assert.Equal(Enumerable.Range(5, (int)order.EpochLength).Select(static i => (long)i), Epoch(order, epoch).Order());
    }, iter: 300);

    [Fact]
    public void A_place_holds_the_same_record_whatever_was_asked_before() => Gen.Select(s_setting, Gen.Long[0, 500].Array[1, 30]).Sample(static (setting, places) =>
    {
        var order = new ShuffledOrder(0, setting.Parts, setting.Seed, setting.Buffer);
        Assert.All(places, place => Assert.Equal(new ShuffledOrder(0, setting.Parts, setting.Seed, setting.Buffer).At(place), order.At(place)));
    }, iter: 100);

    [Fact]
    public void Orders_differ_by_epoch_and_seed()
    {
        var order = new ShuffledOrder(0, [100], 3, null);
        Assert.NotEqual(Epoch(order, 0), Epoch(order, 1));
        Assert.NotEqual(Epoch(order, 0), Epoch(new ShuffledOrder(0, [100], 4, null), 0));
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => (long)i), Epoch(new ShuffledOrder(0, [60, 40], 3, 0), 7));
    }

    [Fact]
    public void A_buffer_keeps_reading_near_where_it_was()
    {
        // A record cannot come before the buffer has reached it; how late it comes is up to chance.
        var order = Epoch(new ShuffledOrder(0, [1_000], 1, 50), 0);
        Assert.All(order.Index(), static d => Assert.InRange(d.Item, 0, d.Index + 49));
        Assert.NotEqual(order, order.Order());
        Assert.InRange(order.Index().Average(static d => Math.Abs(d.Item - d.Index)), 15, 60);
        Assert.InRange(Epoch(new ShuffledOrder(0, [1_000], 1, null), 0).Index().Average(static d => Math.Abs(d.Item - d.Index)), 300, 370);
    }

    [Fact]
    public void Parts_come_in_a_drawn_order_and_one_after_the_other()
    {
        var firsts = Enumerable.Range(0, 600).Select(static epoch => Epoch(new ShuffledOrder(0, [10, 10, 10], 1, 1), epoch)[0]).CountBy(static i => i).ToDictionary();
        Assert.Equal([0, 10, 20], firsts.Keys.Order());
        Assert.All(firsts.Values, static count => Assert.InRange(count, 160, 240));
    }

    [Fact]
    public void A_buffer_as_large_as_the_set_makes_every_place_as_likely()
    {
        var order = new ShuffledOrder(0, [2, 3], 9, 5);
        var counts = new int[5];
        for (var epoch = 0; epoch < 10_000; epoch++)
            counts[Array.IndexOf(Epoch(order, epoch), 0L)]++;
        Assert.All(counts, static count => Assert.InRange(count, 1_850, 2_150));
    }

    [Fact]
    public void Weights_hold_in_every_block_and_each_set_goes_through_its_own_epochs()
    {
        var order = new MixedOrder([new(0, [7], 1, null), new(7, [5_000], 2, null), new(5_007, [3], 3, null)], [1, 8, 1], 4);
        var draws = Enumerable.Range(0, 3 * MixedOrder.Block).Select(i => order.At(i)).ToArray();
        foreach (var block in draws.Chunk(MixedOrder.Block))
            Assert.Equal([1_000, 8_000, 1_000], new[] { block.Count(static d => d.Index < 7), block.Count(static d => d.Index is >= 7 and < 5_007), block.Count(static d => d.Index >= 5_007) });
        foreach (var epoch in draws.Where(static d => d.Index is >= 7 and < 5_007).Take(20_000).Chunk(5_000))
            Assert.Equal(5_000, epoch.Select(static d => d.Index).Distinct().Count());
        Assert.Equal([0L, 1, 2, 3], draws.Where(static d => d.Index is >= 7 and < 5_007).Take(20_000).Select(static d => d.Epoch).Distinct());
        Assert.Equal(draws[12_345], new MixedOrder([new(0, [7], 1, null), new(7, [5_000], 2, null), new(5_007, [3], 3, null)], [1, 8, 1], 4).At(12_345));
        Assert.All(draws.Take(2_000), d => Assert.InRange(d.Index, order.Pool(d).First, order.Pool(d).First + order.Pool(d).Count - 1));
        Assert.InRange(draws.Take(100).Count(static d => d.Index < 7), 3, 20); // mixed within the block too
    }

    [Fact]
    public void Weights_of_any_size_make_whole_blocks() => Gen.Double[1e-9, 1e9].Array[1, 40].Sample(static weights =>
    {
        var order = new MixedOrder([.. weights.Select(static (_, i) => new ShuffledOrder(i, [1], 0, null))], weights, 1);
        var counts = Enumerable.Range(0, MixedOrder.Block).CountBy(i => (int)order.At(i).Index).ToDictionary();
        Assert.Equal(weights.Length, counts.Count); // each has a place
        for (var i = 0; i < weights.Length; i++)
            Assert.InRange(counts[i], Math.Max(1, (weights[i] / weights.Sum() * MixedOrder.Block) - weights.Length), (weights[i] / weights.Sum() * MixedOrder.Block) + 1);
    }, iter: 50);

    [Fact]
    public void Bad_numbers_are_named_with_what_is_legal()
    {
        Assert.Contains("0 records", Assert.Throws<ArgumentOutOfRangeException>(static () => new ShuffledOrder(0, [0], 0, null)).Message);
        Assert.Contains("0 or more", Assert.Throws<ArgumentOutOfRangeException>(static () => new ShuffledOrder(0, [1], 0, -1)).Message);
        Assert.Contains("2 weights for 1", Assert.Throws<ArgumentException>(static () => new MixedOrder([new(0, [1], 0, null)], [1, 2], 0)).Message);
        Assert.Contains("Weight 0 is 0", Assert.Throws<ArgumentException>(static () => new MixedOrder([new(0, [1], 0, null)], [0], 0)).Message);
    }

    [Fact]
    public void Records_of_like_length_stand_together_and_each_has_its_turn() => Gen.Select(s_setting, Gen.Int[1, 6], Gen.Int[1, 5]).Sample(static (setting, step, steps) =>
    {
        int[] lengths = [.. Enumerable.Range(0, (int)setting.Parts.Sum()).Select(static i => 1 + (i * 7 % 11))];
        LengthOrder Order() => new(new ShuffledOrder(0, setting.Parts, setting.Seed, setting.Buffer), lengths, step, steps, setting.Seed);
        var (order, plain) = (Order(), new ShuffledOrder(0, setting.Parts, setting.Seed, setting.Buffer));
        for (var stretch = 0; stretch < 4; stretch++)
        {
            var first = stretch * step * steps;
            Draw[] draws = [.. Enumerable.Range(first, step * steps).Select(i => order.At(i))];
            Assert.Equal(Enumerable.Range(first, step * steps).Select(i => plain.At(i)).OrderBy(static d => (d.Epoch, d.Index)), draws.OrderBy(static d => (d.Epoch, d.Index)));

            // No step reaches into another's lengths, and all are sorted within.
            var sorted = draws.Select(d => lengths[d.Index]).Chunk(step).OrderBy(static s => s[0]).ThenBy(static s => s[^1]).SelectMany(static s => s).ToArray();
            Assert.Equal(sorted.Order(), sorted);
            Assert.Equal(draws[0], Order().At(first));
        }
    }, iter: 200);

    [Fact]
    public void Steps_of_like_length_come_in_an_order_of_each_stretch()
    {
        int[] lengths = [.. Enumerable.Range(0, 100)];
        var order = new LengthOrder(new ShuffledOrder(0, [100], 1, null), lengths, 5, 20, 1);
        int[] Starts(int epoch) => [.. Enumerable.Range(0, 20).Select(i => (int)order.At((epoch * 100) + (5 * i)).Index)];
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => 5 * i), Starts(0).Order());
        Assert.NotEqual(Starts(0), Starts(0).Order());
        Assert.NotEqual(Starts(0), Starts(1));
        Assert.NotEqual(order.Identity, new LengthOrder(new ShuffledOrder(0, [100], 1, null), [.. lengths.Select(static l => l + 1)], 5, 20, 1).Identity);
    }
}
