using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Losses of given features and MoCo's runs as the references stored them: outputs, gradients, every step of training and what it leaves behind, in double.</summary>
public sealed class StoredLossTests
{
    private static readonly string s_golden = Path.Combine(Folders.Root, "tests", "Golden");

    public static TheoryData<string> Cases => new(Directory.EnumerateDirectories(s_golden, "*", SearchOption.AllDirectories).Where(StoredLosses.Is)
        .Select(static f => Path.GetRelativePath(s_golden, f).Replace('\\', '/')).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Cases))]
    public void Is_the_reference_s(string name)
    {
        var findings = LossFindings.Of(StoredLosses.Of(new LossFolder(Path.Combine(s_golden, name)))).ToArray();
        Assert.Equal(Enum.GetValues<LossPart>(), findings.Select(static f => f.Part).Distinct().Order());
        Assert.True(findings.Count(static f => f.What.StartsWith("loss of step", StringComparison.Ordinal)) >= 20);
        Assert.Contains(findings, static f => f is { Part: LossPart.Output, What: "loss" });
        Assert.All(findings, static f => Assert.Null(Comparison.Of(f.Expected, f.Actual, Tolerances.Stored, f.What, Tolerances.StoredFloor)));
    }

    [Fact]
    public void Every_kind_is_here() => Assert.Equal(20, Cases.Count);
}
