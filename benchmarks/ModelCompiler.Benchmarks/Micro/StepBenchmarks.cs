using BenchmarkDotNet.Attributes;
using ModelCompiler.Benchmarks.Steps;
using ModelCompiler.Runtime;

namespace ModelCompiler.Benchmarks.Micro;

/// <summary>The parts of a training step.</summary>
public class StepBenchmarks
{
    private StepRun _run = null!;

    public static IEnumerable<string> Names => StepCase.All.Select(static c => c.Name);

    [ParamsSource(nameof(Names))]
    public string Model { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _run = StepCase.Named(Model).Start(Device.Cpu);
        _run.Step();
    }

    [GlobalCleanup]
    public void Cleanup() => _run.Dispose();

    [Benchmark]
    public double Forward() => _run.Evaluate();

    [Benchmark]
    public double ForwardAndBackward() => _run.ComputeGradients();

    [Benchmark]
    public void ClippingAndOptimizer() => _run.Core.Step();

    [Benchmark]
    public double WholeStep() => _run.Step();
}
