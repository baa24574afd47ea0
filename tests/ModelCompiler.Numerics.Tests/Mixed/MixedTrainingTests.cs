using ModelCompiler.Cli.Hosting;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Small models trained in floats and in mixed precision: losses, memory, and runs that move through a checkpoint.</summary>
public sealed class MixedTrainingTests
{
    private const int Batch = 8, Length = 24;

    private static readonly Dictionary<string, AttributeSpec[]> s_cases = new()
    {
        ["gpt"] = [ModelCases.Text("TransformerDecoder", ("Context", Length), ("Width", 64), ("Heads", 4), ("FeedForward", 256)), ModelCases.Attribute("CausalLanguageModel"), Adam],
        ["vit"] = [ModelCases.Vision(("ImageSize", 16), ("Width", 64), ("Heads", 4), ("FeedForward", 256)), ModelCases.Attribute("Classification", ("Classes", 3)), Adam],
    };

    private static readonly Dictionary<string, (HostedModel Floats, HostedModel Mixed)> s_models = s_cases.ToDictionary(
        static c => c.Key, static c => (HostedModel.Compile(ModelCases.Bind(c.Value).Spec), HostedModel.Compile(ModelCases.Bind(c.Value.Mixed()).Spec)));

    private static AttributeSpec Adam => ModelCases.Attribute("AdamW", ("LearningRate", 1e-3));

    [Theory, InlineData("gpt"), InlineData("vit")]
    public void Losses_stay_within_a_fiftieth_of_the_first(string name)
    {
        using var floats = s_models[name].Floats.Create(new CpuDevice(2, Instructions.Best), seed: 3);
        using var mixed = s_models[name].Mixed.Create(new CpuDevice(2, Instructions.Best), seed: 3);
        var (wanted, got) = (Losses(floats, name, 60), Losses(mixed, name, 60));
        Assert.True(wanted[^1] < 0.8 * wanted[0], $"the loss went from {wanted[0]:F3} to {wanted[^1]:F3} only");
        Assert.NotEqual(wanted[1], got[1]);
        Assert.All(wanted.Zip(got), pair => Assert.Equal(pair.First, pair.Second, 0.02 * wanted[0]));
    }

    [Theory, InlineData("gpt"), InlineData("vit")]
    public void Three_tenths_of_the_memory_that_grows_with_the_batch_is_saved(string name)
    {
        using var floats = s_models[name].Floats.Create(new CpuDevice(2, Instructions.Best), seed: 3);
        using var mixed = s_models[name].Mixed.Create(new CpuDevice(2, Instructions.Best), seed: 3);
        Assert.True(Grown(mixed) < 0.7 * Grown(floats), $"{Grown(mixed):N0} bytes for 64 samples, {Grown(floats):N0} in floats");

        long Grown(IModel model) => model.Core.MemoryFor(Pass.Train, 128, name == "gpt" ? Length : 1) - model.Core.MemoryFor(Pass.Train, 64, name == "gpt" ? Length : 1);
    }

    [Fact]
    public void A_run_goes_on_with_the_same_bits_and_in_floats()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            using var first = s_models["gpt"].Mixed.Create(new CpuDevice(2, Instructions.Best), seed: 3);
            Losses(first, "gpt", 5);
            TrainingCheckpoint.Write(path, first.Core, RunState.Start);
            using var second = s_models["gpt"].Mixed.Create(new CpuDevice(3, Instructions.Best), seed: 9);
            using var floats = s_models["gpt"].Floats.Create(new CpuDevice(2, Instructions.Best), seed: 9);
            TrainingCheckpoint.Read(path, second.Core);
            TrainingCheckpoint.Read(path, floats.Core);
            var wanted = Losses(first, "gpt", 5);
            Assert.Equal(wanted, Losses(second, "gpt", 5));
            Assert.Equal(wanted[0], Losses(floats, "gpt", 1)[0], 0.02 * wanted[0]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double[] Losses(IModel model, string name, int steps)
    {
        var data = new InterpretedModel(s_cases[name], Batch, Length);
        var losses = new double[steps];
        for (var step = 0; step < steps; step++)
        {
            EngineModels.SetInputs(model, data);
            losses[step] = model.Core.ComputeGradients(Batch, data.Lengths, accumulate: false);
            Assert.True(model.Core.Step());
        }

        return losses;
    }
}
