using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ModelCompiler.Benchmarks.Micro;

/// <summary>The finer measurements, by BenchmarkDotNet: its own arguments choose among them.</summary>
internal static class MicroRunner
{
    public static int Run(string[] arguments)
    {
        var job = Job.ShortRun.WithToolchain(new InProcessEmitToolchain(new()));
        var config = DefaultConfig.Instance.AddJob(job).AddDiagnoser(MemoryDiagnoser.Default);
        BenchmarkSwitcher.FromAssembly(typeof(MicroRunner).Assembly).Run(arguments, config);
        return 0;
    }
}
