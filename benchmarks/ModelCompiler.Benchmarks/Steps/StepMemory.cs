using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Runtime;

namespace ModelCompiler.Benchmarks.Steps;

/// <summary>How much a fresh process grows by a few training steps.</summary>
/// <param name="Before">Resident bytes before there was a model, the runtime and its threads included.</param>
/// <param name="Peak">The most resident bytes.</param>
/// <param name="Promised">What the model said that it needs.</param>
internal sealed record StepMemory(long Before, long Peak, long Promised)
{
    public const int Steps = 3;

    public long Growth => Peak - Before;

    /// <summary>Measures in a new process.</summary>
    public static StepMemory Measure(StepCase step, int threads)
    {
        var numbers = Array.ConvertAll(ChildProcess.Self(["step-memory", step.Name, $"{threads}"]).Split(' '), static n => long.Parse(n));
        return new StepMemory(numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>Prints the numbers of this process.</summary>
    public static int Print(string name, int threads)
    {
        var step = StepCase.Named(name);
        using (var warm = new PeakProbe(threads))
        {
            warm.Measure();
        }

        var before = ProcessMemory.Resident();
        using var run = step.Start(new CpuDevice(threads));
        for (var i = 0; i < Steps; i++)
        {
            run.Step();
        }

        Console.WriteLine($"{before} {ProcessMemory.Peak()} {run.Core.MemoryFor(Pass.Train, step.Batch, step.Length)}");
        return 0;
    }
}
