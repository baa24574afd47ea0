using ModelCompiler.Golden;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Checkpoints of the reference implementations: outputs, gradients and twenty steps of training.</summary>
[Trait("suite", "golden")]
public sealed class GoldenTests(ITestOutputHelper output)
{
    private static readonly string[] s_families = ["vit", "deit", "dinov2", "timm", "bert", "clip", "siglip", "chinese_clip", "vision-text-dual", "openai-clip", "open_clip", "roberta", "distilbert", "gpt2", "nanogpt", "opt", "llama", "bart", "marian", "transformer", "vision-encoder-decoder", "qformer", "blip2", "lavis-blip2", "losses", "moco", "vsepp"];

    private static readonly int[] s_threads = [1, 3];

    // The reference's scatter fills rows that are narrower than the decoder with what comes next of all samples' queries: the second picture's rows hold the first one's vectors. The other's
    // curve is decided by rounding: where each weight is moved by at most one unit in the last place, norms of gradients at steps 15 and 19 are off by 0.1 to 9 times what is allowed, at every width.
    // Of losses those that the project does not have.
    private static readonly string[] s_refused = ["blip2/vision_frozen", "lavis-blip2/retrieval", "open_clip/coca", "vsepp/gru"];

    // A Q-Former whose loss no model has: its layers are compared by themselves, where they are interpreted.
    private const string ByLayers = "qformer/queries_and_text";

    public static TheoryData<string> Cases => new(CasesBelow(Path.Combine(Folders.Root, "tests", "Golden")).Where(static c => c != ByLayers));

    public static TheoryData<InstructionSet> Widths => new(Enum.GetValues<InstructionSet>());

    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_the_reference_at_every_width_and_number_of_threads(string name)
    {
        Device[] devices = [.. Enum.GetValues<InstructionSet>().Where(Instructions.IsSupported).SelectMany(static _ => s_threads, static (set, threads) => new CpuDevice(threads, set))];
        var results = devices.Zip(GoldenCase.Run(Path.Combine(Folders.Root, "tests", "Golden", name), devices), static (device, result) => (Device: (CpuDevice)device, Result: result)).ToArray();
        foreach (var (device, result) in results)
        {
            output.WriteLine($"{device}: {result}");
        }

        Assert.All(results, static r => Assert.Equal("ok", r.Result.Verdict));
        foreach (var set in results.GroupBy(static r => r.Device.Set))
        {
            Assert.NotEmpty(set.First().Result.Losses);
            Assert.All(set, r => Assert.Equal(set.First().Result.Losses, r.Result.Losses));
        }
    }

    // The reference's cases run at the widths that there are; a width that is missing must be seen.
    [Theory, MemberData(nameof(Widths))]
    public void Width_is_there(InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here: no case of the references was run with it");
        Assert.Equal(set, new CpuDevice(1, set).Set);
    }

    [Fact]
    public void Every_case_is_here()
    {
        var here = CasesBelow(Path.Combine(Folders.Root, "tests", "Golden")).ToArray();
        output.WriteLine($"golden: {here.Length} cases");
        Console.WriteLine($"golden: {here.Length} cases");
        Assert.Equal(73, here.Length);
        Assert.SkipUnless(Folders.Shared("golden") is not null, "there is no folder shared/golden to compare with");
        var there = s_families.SelectMany(f => CasesBelow(Folders.Shared("golden")!).Where(c => c.StartsWith(f + "/", StringComparison.Ordinal)));
        Assert.Equal(there.Where(static c => !s_refused.Contains(c)).Order(StringComparer.Ordinal), here.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> CasesBelow(string folder) =>
        Directory.EnumerateFiles(folder, "case.json", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, Path.GetDirectoryName(f)!).Replace('\\', '/')).Order(StringComparer.Ordinal);
}
