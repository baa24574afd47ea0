using ModelCompiler.Golden;
using ModelCompiler.Gpu;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;
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

    /// <summary>Ten steps on the CPU, and ten on the device, which has of the first what a checkpoint has.</summary>
    [Theory]
    [InlineData("vit/classify")]
    [InlineData("bert/masked-lm")]
    [InlineData("gpt2/lm-clipped")]
    public void A_run_that_moves_in_the_middle_agrees_with_them(string name)
    {
        using var files = new GoldenFiles(Path.Combine(Folders.Root, "tests", "Golden", name));
        var (hosted, expected) = (GoldenModel.Compile(files, hasGpu: true), files.Training!.Losses);
        Assert.Equal(20, expected.Length);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            using var first = hosted.Load(files.Folder, out _, Device.Cpu, seed: 1);
            using var second = hosted.Create(GpuDevicesOfTests.Any(), seed: 77);
            var before = Losses(first, 10);
            TrainingCheckpoint.Write(path, first.Core, RunState.Start);
            TrainingCheckpoint.Read(path, second.Core);
            double[] moved = [.. before, .. Losses(second, 10)], stayed = [.. before, .. Losses(first, 10)];
            Assert.All(expected.Zip(moved), pair => Assert.Equal(pair.First, pair.Second, files.Tolerance("curve") * Math.Abs(pair.First)));
            Assert.All(stayed.Zip(moved), static pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Abs(pair.First)));
        }
        finally
        {
            File.Delete(path);
        }

        double[] Losses(IModel model, int steps)
        {
            var batch = new GoldenBatch(model, files);
            return [.. Enumerable.Range(0, steps).Select(_ =>
            {
                batch.Set(model.Core);
                var loss = model.Core.ComputeGradients(batch.Batch, batch.Length, accumulate: false);
                Assert.True(model.Core.Step());
                return loss;
            })];
        }
    }

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
