using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;

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
    public void Tokens_one_by_one_race_nowhere() => Clean(nameof(RaceRuns.Tokens_one_by_one));

    [Fact]
    public void Products_in_parts_race_nowhere() => Clean(nameof(RaceRuns.A_product_in_parts));

    [Fact]
    public void Every_portable_kernel_of_the_library_is_run()
    {
        var log = new LaunchLog();
        foreach (var name in GpuZoo.Ops.NamesWithNewKernels)
        {
            GpuZoo.Ops.Run(name, Device(hasGroupMemory: false));
        }

        foreach (var name in RaceRuns.s_models)
        {
            RaceRuns.Step(name, Device(hasGroupMemory: false));
        }

        foreach (var name in RaceRuns.s_modelsByTiles)
        {
            RaceRuns.Step(name, Device(hasGroupMemory: true));
        }

        foreach (var name in RaceRuns.s_decoders)
        {
            RaceRuns.Decode(name, Device(hasGroupMemory: false));
        }

        RaceRuns.ProductInParts(Device(hasGroupMemory: true));
        Assert.Empty(LibraryKernels.Portable.Except(LibraryKernels.Of(log.Threads.Keys)));

        GpuDevice Device(bool hasGroupMemory) => new(GpuKind.OpenCl, -1, "no device", 0) { Log = log, IsGraphicsProcessor = hasGroupMemory };
    }

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
