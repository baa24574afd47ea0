using ModelCompiler.Golden;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Checkpoints of the reference implementations: outputs, gradients and twenty steps of training.</summary>
[Trait("suite", "golden")]
public sealed class GoldenTests(ITestOutputHelper output)
{
    private static readonly string[] s_families = ["vit", "deit", "dinov2", "timm", "bert", "roberta", "distilbert", "gpt2", "nanogpt", "opt", "llama"];

    public static TheoryData<string> Cases => new(CasesBelow(Path.Combine(Folders.Root, "tests", "Golden")));

    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_the_reference(string name)
    {
        var result = GoldenCase.Run(Path.Combine(Folders.Root, "tests", "Golden", name));
        output.WriteLine(result.ToString());
        Assert.Equal("ok", result.Verdict);
    }

    [Fact]
    public void Every_case_is_here()
    {
        var here = CasesBelow(Path.Combine(Folders.Root, "tests", "Golden")).ToArray();
        output.WriteLine($"golden: {here.Length} cases");
        Console.WriteLine($"golden: {here.Length} cases");
        Assert.Equal(30, here.Length);
        Assert.SkipUnless(Folders.Shared("golden") is not null, "there is no folder shared/golden to compare with");
        var there = s_families.SelectMany(f => CasesBelow(Folders.Shared("golden")!).Where(c => c.StartsWith(f + "/", StringComparison.Ordinal)));
        Assert.Equal(there.Where(static c => c != "gpt2/generation").Order(StringComparer.Ordinal), here.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> CasesBelow(string folder) =>
        Directory.EnumerateFiles(folder, "case.json", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, Path.GetDirectoryName(f)!).Replace('\\', '/')).Order(StringComparer.Ordinal);
}
