using System.Text.Json;
using ModelCompiler.Runtime.Training;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>Learning rates by step against the tables of transformers, open_clip, nanoGPT and others.</summary>
public sealed class ScheduleTests
{
    // Steps that our schedule shares with the reference's: some warm up from another start, some rise again behind the end, where ours stays.
    private static readonly Dictionary<string, (Func<long, double> Ours, int From, int To)> s_cases = new()
    {
        ["constant"] = (static s => LearningRate.Constant(s, 0), 0, 120),
        ["constant_warmup"] = (static s => LearningRate.Constant(s, 12), 0, 120),
        ["linear"] = (static s => LearningRate.Linear(s, 12, 110, 0), 0, 120),
        ["linear_no_warmup"] = (static s => LearningRate.Linear(s, 0, 110, 0), 0, 120),
        ["cosine"] = (static s => LearningRate.Cosine(s, 12, 110, 0), 0, 111),
        ["cosine_min_lr"] = (static s => LearningRate.Cosine(s, 12, 110, 0.1), 0, 111),
        ["inverse_sqrt"] = (static s => LearningRate.InverseSquareRoot(s, 12), 0, 120),
        ["open_clip_cosine"] = (static s => LearningRate.Cosine(s, 12, 110, 0), 12, 111),
        ["nanogpt"] = (static s => LearningRate.Cosine(s, 12, 110, 0.1), 12, 120),
        ["mae"] = (static s => LearningRate.Cosine(s, 12, 120, 0.1), 0, 120),
        ["noam"] = (static s => LearningRate.InverseSquareRoot(s + 1, 12) / Math.Sqrt(512 * 12), 0, 120), // counted from 1, and scaled by the width
    };

    private static readonly string[] s_notOurs =
    [
        "cosine_wave", "cosine_hard_restarts", "polynomial", "inverse_sqrt_timescale", "warmup_stable_decay", "warmup_stable_decay_1_sqrt",
        "timm_cosine", "timm_cosine_prefix", "timm_cosine_cycles", "one_cycle", "one_cycle_linear_three_phases",
    ];

    public static TheoryData<string> Names => new(s_cases.Keys);

    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_reference(string name)
    {
        var (ours, from, to) = s_cases[name];
        var multipliers = Cases(Path.Combine(Folders.Root, "tests", "Golden"))[name];
        for (var step = from; step < to; step++)
        {
            Assert.Equal(multipliers[step], ours(step), 1e-12);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    public void Behind_the_end_the_minimum_stays(double minimum)
    {
        foreach (var step in new[] { 110, 111, 120, 1_000_000, long.MaxValue })
        {
            Assert.Equal(minimum, LearningRate.Cosine(step, 12, 110, minimum), 1e-15);
            Assert.Equal(minimum, LearningRate.Linear(step, 12, 110, minimum), 1e-15);
        }
    }

    [Fact]
    public void The_rate_is_whole_at_the_end_of_the_warm_up()
    {
        Assert.Equal(1, LearningRate.Constant(12, 12));
        Assert.Equal(1, LearningRate.Linear(12, 12, 110, 0.1));
        Assert.Equal(1, LearningRate.Cosine(12, 12, 110, 0.1));
        Assert.Equal(1, LearningRate.InverseSquareRoot(12, 12));
        Assert.Equal(1, LearningRate.InverseSquareRoot(0, 0));
    }

    [Fact]
    public void Every_case_of_the_reference_is_ours_or_named_as_not_ours()
    {
        Assert.SkipUnless(Folders.Shared("golden") is not null, "there is no folder shared/golden to compare with");
        var all = Cases(Folders.Shared("golden")!);
        Assert.Equal(all.Keys.Order(StringComparer.Ordinal), s_cases.Keys.Concat(s_notOurs).Order(StringComparer.Ordinal));
        Assert.All(s_cases.Keys, name => Assert.Equal(all[name], Cases(Path.Combine(Folders.Root, "tests", "Golden"))[name]));
    }

    private static Dictionary<string, double[]> Cases(string golden)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(golden, "schedules", "cases.json")));
        return json.RootElement.GetProperty("cases").EnumerateArray()
            .ToDictionary(static c => c.GetProperty("name").GetString()!, static c => c.GetProperty("multipliers").EnumerateArray().Select(static m => m.GetDouble()).ToArray());
    }
}
