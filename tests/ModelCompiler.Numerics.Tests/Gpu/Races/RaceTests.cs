namespace ModelCompiler.Numerics.Tests;

/// <summary>No two threads touch a value of which one writes it without a barrier between them, and none touches what is not the kernel's.</summary>
[Trait("suite", "gpu")]
public sealed class RaceTests
{
    [Fact]
    public void Rows_of_ops_race_nowhere() => Clean(nameof(RaceRuns.Rows_of_ops));

    [Fact]
    public void Models_race_nowhere() => Clean(nameof(RaceRuns.A_step_of_a_model));

    [Fact]
    public void Tiles_in_group_memory_race_nowhere() => Clean(nameof(RaceRuns.A_step_by_tiles));

    [Fact]
    public void A_race_is_seen() => Assert.Contains("data race", Seen(nameof(RaceRuns.A_race)), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void An_access_out_of_bounds_is_seen() => Assert.Contains("Invalid write", Seen(nameof(RaceRuns.An_access_out_of_bounds)), StringComparison.Ordinal);

    private static void Clean(string test)
    {
        var (seen, summary) = Oclgrind.Run(test);
        Assert.True(seen.Length == 0, seen);
        Assert.True(summary.Contains("Failed: 0, Skipped: 0", StringComparison.Ordinal) && !summary.Contains("Total: 0", StringComparison.Ordinal), summary);
    }

    private static string Seen(string test) => Oclgrind.Run(test).Seen;
}
