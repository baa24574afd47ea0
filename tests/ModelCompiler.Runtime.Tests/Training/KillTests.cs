using ModelCompiler.Trainee;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>The process may end at any moment; the benchmarks' goal does it more often.</summary>
public sealed class KillTests
{
    [Fact, Trait("suite", "slow")]
    public void Runs_that_are_killed_at_random_instants_end_with_the_same_bits()
    {
        var report = KillTrial.Run(kills: 12, steps: 150, seed: 1);
        Assert.Empty(report.Problems);
        Assert.Equal(12, report.Kills);
        Assert.True(report.Runs > 0);
    }
}
