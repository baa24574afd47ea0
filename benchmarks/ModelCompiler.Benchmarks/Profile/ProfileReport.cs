using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Steps;
using ModelCompiler.Runtime;

namespace ModelCompiler.Benchmarks.Profile;

/// <summary>Prints the kernels of training steps with their times.</summary>
internal static class ProfileReport
{
    /// <param name="names">Cases; none: all.</param>
    public static int Print(string[] names)
    {
        var cases = names.Length == 0 ? StepCase.All : [.. names.Select(StepCase.Named)];
        using var peak = new PeakProbe(Environment.ProcessorCount);
        var models = InstrumentedModels.Compile();
        foreach (var step in cases)
        {
            Console.WriteLine($"{step.Name}: {string.Join("\n", StepProfile.Take(models, step, Device.Cpu, peak).Table())}\n");
        }

        return 0;
    }
}
