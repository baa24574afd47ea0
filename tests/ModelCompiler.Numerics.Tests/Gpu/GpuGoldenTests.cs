using ModelCompiler.Golden;
using ModelCompiler.Gpu;
using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Checkpoints of the reference implementations on a GPU, or through OpenCL: outputs, gradients and twenty steps of training, and the CPU's losses beside them.</summary>
[Trait("suite", "gpu")]
public sealed class GpuGoldenTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("vit/classify")]
    [InlineData("dinov2/masked-swiglu")]
    [InlineData("bert/masked-lm")]
    [InlineData("gpt2/lm-clipped")]
    [InlineData("llama/lm")]
    [InlineData("siglip/model")]
    public void Agrees_with_the_reference_and_with_the_CPU(string name) => Compare(name, GpuDevicesOfTests.Any());

    [Theory]
    [InlineData("vit/classify")]
    [InlineData("bert/masked-lm")]
    public void Agrees_with_them_as_emulated_PTX(string name) => Compare(name, PtxEmulator.Device);

    private void Compare(string name, GpuDevice device)
    {
        var results = GoldenCase.Run(Path.Combine(Folders.Root, "tests", "Golden", name), Device.Cpu, device);
        var (cpu, gpu) = (results[0], results[1]);
        output.WriteLine($"{cpu}\n{gpu}");
        Assert.Equal("ok", cpu.Verdict);
        Assert.Equal("ok", gpu.Verdict);
        Assert.NotEmpty(gpu.Losses);
        Assert.All(cpu.Losses.Zip(gpu.Losses), static pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Abs(pair.First)));
    }
}
