using ModelCompiler.Golden;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>The runner of golden folders says of metrics what is so: all right, another number, or something that has no counterpart.</summary>
public sealed class GoldenMetricVerdictTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("golden").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("\"mean_per_class\": ", "\"mean_per_class\": 1", "off (1: classification: mean_per_class is ")]
    [InlineData("\"name\": \"classification\"", "\"name\": \"colour\"", "unsupported (no metric 'colour')")]
    [InlineData("\"top3\": ", "\"top4\": ", "off (KeyNotFoundException: ")]
    public void Stored_metrics_are_all_right_and_changed_ones_are_not(string stored, string changed, string verdict)
    {
        var text = File.ReadAllText(Path.Combine(Folders.Root, "tests", "Golden", "metrics", "cases.json"));
        var cases = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "metrics")).FullName, "cases.json");
        File.WriteAllText(cases, text);
        Assert.Equal("metrics/cases.json\t11\t0.000\tok", Assert.Single(GoldenMetrics.Run(_root)).ToString());
        Assert.Contains(stored, text);
        File.WriteAllText(cases, text.Replace(stored, changed, StringComparison.Ordinal));
        Assert.StartsWith(verdict, Assert.Single(GoldenMetrics.Run(_root)).Verdict, StringComparison.Ordinal);
    }
}
