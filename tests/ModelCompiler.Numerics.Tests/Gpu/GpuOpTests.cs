using ModelCompiler.Gpu;
using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Every row of the table of ops in kernels for GPUs against the interpreter. A class for each way to run them, as classes run side by side.</summary>
public abstract class GpuOpTests
{
    public static TheoryData<string> Names => new(GpuZoo.OpNames);

    private protected static void Compare(string name, GpuDevice device)
    {
        var program = GpuZoo.Ops.Program(name);
        var expected = program.Run();
        var tolerance = 4 * Tolerances.Float(program.LongestSum); // one sum from first to last, with two roundings a product
        var actual = GpuZoo.Ops.Run(name, device);
        foreach (var (output, values) in expected.Outputs)
        {
            Assert.Null(Comparison.Of(values, Doubles(actual.Outputs[output]), tolerance, output, output == "loss" ? program.LossScale : Tolerances.Floor));
        }

        foreach (var (key, values) in expected.Gradients)
        {
            Assert.Null(Comparison.Of(values, Doubles(actual.Gradients[key]), tolerance, $"gradient of {key.Parameter.Name} of layer {key.Layer}"));
        }
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, static v => (double)v);
}

/// <summary>As C#, one thread a group.</summary>
[Trait("suite", "gpu")]
public sealed class GpuOpSimulatorTests : GpuOpTests
{
    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_interpreter_in_the_simulator(string name) => Compare(name, Device.Simulator);
}

/// <summary>On the GPU, or through OpenCL.</summary>
[Trait("suite", "gpu")]
public sealed class GpuOpDeviceTests : GpuOpTests
{
    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_interpreter_on_a_device(string name) => Compare(name, GpuDevicesOfTests.Any());
}

/// <summary>As the PTX that a driver gets.</summary>
[Trait("suite", "gpu")]
public sealed class GpuOpPtxTests : GpuOpTests
{
    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_interpreter_as_emulated_PTX(string name) => Compare(name, PtxEmulator.Device);
}
