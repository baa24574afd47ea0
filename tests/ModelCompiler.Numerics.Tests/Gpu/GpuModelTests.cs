using ModelCompiler.Gpu;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Emitted models on a GPU, or through OpenCL, against the interpreter and against the CPU's programs.</summary>
[Trait("suite", "gpu")]
public sealed class GpuModelTests
{
    private static readonly string[] s_names = [.. GpuZoo.SmallModels, "clip", "siglip", "dual-text", "momentum", "queue", "blip2-pretraining"];

    public static TheoryData<string> Names => new(s_names);

    public static TheoryData<string> SimulatedNames => new(GpuZoo.SmallModels);

    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_interpreter(string name) => Compare(name, GpuDevicesOfTests.Any(), (3, 5), (1, 1));

    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_interpreter_as_emulated_PTX(string name) => Compare(name, PtxEmulator.Device, (3, 5));

    /// <summary>ILGPU's simulator has groups of one thread: every formula and every index, and nothing of what the threads of a group do together.</summary>
    [Theory, MemberData(nameof(SimulatedNames))]
    public void Agrees_with_the_interpreter_in_the_simulator(string name) => Compare(name, Device.Simulator, (2, 3));

    private static void Compare(string name, GpuDevice device, params (int Batch, int Length)[] sizes)
    {
        foreach (var (batch, length) in sizes)
        {
            var expected = new InterpretedModel(name, batch, length, seed: 5);
            EngineModels.CompareWith(expected, () => EngineModels.Create(EngineModels.Of(name), expected, device), name);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Trains_as_the_CPU_does_and_the_same_bits_again(string name)
    {
        var device = GpuDevicesOfTests.Any();
        var data = new InterpretedModel(name);
        var (cpu, gpu, again) = (Train(Device.Cpu), Train(device), Train(device));
        Assert.Equal(gpu, again);
        Assert.All(cpu.Zip(gpu), static pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Abs(pair.First)));

        double[] Train(Device on)
        {
            using var model = EngineModels.Create(EngineModels.Of(name), data, on);
            var losses = new List<double>();
            for (var step = 0; step < 6; step++)
            {
                var loss = 0.0;
                for (var batch = 0; batch < model.Core.Description.Accumulate; batch++)
                {
                    EngineModels.SetInputs(model, data);
                    loss += model.Core.ComputeGradients(data.Batch, data.Lengths, accumulate: batch > 0);
                }

                Assert.True(model.Core.Step());
                losses.Add(loss);
            }

            model.Core.SwapAverage();
            EngineModels.SetInputs(model, data);
            losses.Add(model.Core.Evaluate(data.Batch, data.Lengths));
            return [.. losses];
        }
    }

    [Fact]
    public void A_run_that_moves_to_another_device_goes_on_as_on_the_first()
    {
        var device = GpuDevicesOfTests.Any();
        var data = new InterpretedModel("gpt-dropout");
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            using var first = EngineModels.Create(EngineModels.Of("gpt-dropout"), data, Device.Cpu);
            Losses(first, 4);
            TrainingCheckpoint.Write(path, first.Core, RunState.Start);
            using var second = EngineModels.Of("gpt-dropout").Create(device, seed: 77);
            TrainingCheckpoint.Read(path, second.Core);
            Assert.Equal(4, second.Core.Steps);
            Assert.All(Losses(first, 5).Zip(Losses(second, 5)), static pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Abs(pair.First)));
        }
        finally
        {
            File.Delete(path);
        }

        double[] Losses(IModel model, int steps)
        {
            var losses = new double[steps];
            for (var step = 0; step < steps; step++)
            {
                EngineModels.SetInputs(model, data);
                losses[step] = model.Core.ComputeGradients(data.Batch, data.Lengths, accumulate: false);
                Assert.True(model.Core.Step());
            }

            return losses;
        }
    }

    [Fact]
    public void Memory_is_what_was_promised()
    {
        var device = GpuDevicesOfTests.Any();
        foreach (var name in new[] { "vit", "bert", "gpt-dropout" })
        {
            foreach (var batch in new[] { 1, 3 })
            {
                var data = new InterpretedModel(name, batch);
                using var model = EngineModels.Create(EngineModels.Of(name), data, device);
                EngineModels.SetInputs(model, data);
                var promised = model.Core.MemoryFor(Pass.Train, batch, data.Lengths);
                model.Core.ComputeGradients(batch, data.Lengths, accumulate: false);
                model.Core.Step();
                Assert.Equal(promised, model.Core.AllocatedBytes);
            }
        }
    }

    [Fact]
    public void A_model_without_programs_for_GPUs_says_what_to_do()
    {
        var hosted = Cli.Hosting.HostedModel.Compile(ModelCases.Bind(ModelCases.All["gpt"]).Spec);
        var error = Assert.Throws<ArgumentException>(() => hosted.Create(Device.Simulator));
        Assert.Contains("ModelCompiler.Gpu", error.Message);
    }
}
