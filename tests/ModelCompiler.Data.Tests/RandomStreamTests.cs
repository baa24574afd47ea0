namespace ModelCompiler.Data.Tests;

/// <summary>Random numbers depend on their name alone and are spread evenly.</summary>
public sealed class RandomStreamTests
{
    [Fact]
    public void The_same_name_gives_the_same_numbers_and_each_part_of_the_name_counts()
    {
        static string Words(RandomStream random) => string.Join(' ', Enumerable.Range(0, 9).Select(_ => random.Word()));
        var words = Words(new RandomStream(1, 2, 3));
        Assert.Equal(words, Words(new RandomStream(1, 2, 3)));
        Assert.Distinct([words, .. new[]
        {
            new RandomStream(2, 2, 3), new RandomStream(1, 3, 3), new RandomStream(1, 2, 4),
            new RandomStream(1 + (1UL << 32), 2, 3), new RandomStream(1, 2, 3 + (1UL << 32)),
        }.Select(Words)]);
    }

    [Fact]
    public void Numbers_below_a_limit_are_as_likely_as_each_other()
    {
        var random = new RandomStream(5, 0, 0);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[random.Below(7)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        var high = 0;
        for (var i = 0; i < 3_000; i++)
            high += random.Below(3_000_000_000) >= 1_500_000_000 ? 1 : 0;
        Assert.InRange(high, 1_350, 1_650);
    }

    [Fact]
    public void Ranges_include_both_ends()
    {
        var random = new RandomStream(5, 0, 1);
        var seen = new HashSet<int>();
        for (var i = 0; i < 200; i++)
            seen.Add(random.Between(-2, 2));
        Assert.Equal([-2, -1, 0, 1, 2], seen.Order());
        Assert.Equal(4, random.Between(4, 4));
        _ = random.Between(int.MinValue, int.MaxValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(0, 0, 0).Below(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(0, 0, 0).Between(1, 0));
    }
}
