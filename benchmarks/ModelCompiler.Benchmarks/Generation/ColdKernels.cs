using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck;
using ModelCompiler.Models.Presets;

namespace ModelCompiler.Benchmarks.Generation;

/// <summary>What the kernels of GPT-2's training step cost a process that has compiled none yet.</summary>
/// <param name="Kernels">How many there are.</param>
/// <param name="Translation">Seconds of ILGPU and of the JIT that compiles ILGPU.</param>
/// <param name="Build">Seconds of the driver, as far as it does not wait for the first launch.</param>
internal sealed record ColdKernels(int Kernels, double Translation, double Build)
{
    private const int Processes = 3;
    private const int Length = 4;

    /// <summary>Measures in new processes, whose JIT works as it does in a program of a user's; the fastest counts.</summary>
    public static ColdKernels Measure() => Enumerable.Range(0, Processes).Select(static _ => One()).MinBy(static c => c.Translation)!;

    /// <summary>Makes one step in this process and prints the numbers.</summary>
    public static int Print()
    {
        using var model = new Gpt2(GpuDevices.Found.Devices[0], 1);
        var batch = new MadeUpBatch(model.Core.Description, 50257, 1, Length, 1);
        batch.Set(model.Core);
        model.Core.ComputeGradients(batch.Batch, batch.Length, accumulate: false);
        model.Core.Step();
        var kernels = ((GpuEngine)model.Core.Engine).Compilations;
        Console.WriteLine(FormattableString.Invariant($"{kernels.Count} {kernels.Sum(static k => k.Translation.TotalSeconds)} {kernels.Sum(static k => k.Build.TotalSeconds)}"));
        return 0;
    }

    private static ColdKernels One()
    {
        var numbers = ChildProcess.Self(["cold-kernels"], ("DOTNET_TieredCompilation", "1"), ("DOTNET_TieredPGO", "1")).Split(' ');
        return new ColdKernels(int.Parse(numbers[0]), double.Parse(numbers[1]), double.Parse(numbers[2]));
    }
}
