using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Models of two towers: one side alone gives the features that both together give, from its own inputs and in less memory.</summary>
public sealed class EncodeTests
{
    public static TheoryData<string> Cases => new(ModelCases.All.Where(static c => ModelCases.Meets(c.Value)).Select(static c => c.Key));

    [Theory, MemberData(nameof(Cases))]
    public void One_side_alone_gives_its_features(string name)
    {
        var data = new InterpretedModel(name);
        data.Train();
        using var model = EngineModels.Create(EngineModels.Of(name), data, new CpuDevice(2));
        EngineModels.SetInputs(model, data);
        model.Core.Forward(data.Batch, data.Length);
        var features = data.Sides.Select(s => model.Core.Output(s.Features)).ToArray();
        Pass[] passes = [Pass.EncodeFirst, Pass.EncodeSecond];
        for (var i = 0; i < passes.Length; i++)
        {
            foreach (var input in data.Inputs.Where(x => x.InputName.StartsWith(data.Sides[i].Prefix, StringComparison.Ordinal)))
            {
                EngineModels.SetInput(model, data, input);
            }

            model.Core.Encode(passes[i], data.Batch, data.Length);
            Assert.Equal(features[i], model.Core.Output(data.Sides[i].Features));
            Assert.False(model.Core.HasOutput(data.Sides[1 - i].Features));
            Assert.True(model.Core.MemoryFor(passes[i], 64, data.Length) < model.Core.MemoryFor(Pass.Forward, 64, data.Length));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Frozen_parts_of_a_tower_keep_their_bits(string name)
    {
        var data = new InterpretedModel(name);
        data.Train();
        using var model = EngineModels.Create(EngineModels.Of(name), data, new CpuDevice(2));

        // Copies and queues, which no gradient reaches either, move behind each step: MomentumTests.
        var before = model.Core.Parameters.Values.Where(static p => p.Name.Split('.')[0] is not ("momentum" or "queue")).ToDictionary(static p => p, static p => p.ToArray());
        for (var step = 0; step < 3; step++)
        {
            EngineModels.SetInputs(model, data);
            model.Core.ComputeGradients(data.Batch, data.Length, accumulate: false);
            model.Core.Step();
        }

        // Softmax does not see a key's bias: its gradient is rounding alone, which moves it only where an optimizer divides by the gradient's own size.
        var divides = data.Model.Get<OptimizerAttribute>() is null or AdamWAttribute { Epsilon: < 1e-6 };
        Assert.All(before.Where(p => divides || p.Key.IsFrozen || !p.Key.Name.EndsWith("attention.key.bias", StringComparison.Ordinal)),
            static p => Assert.Equal(p.Key.IsFrozen, p.Value.SequenceEqual(p.Key.ToArray())));
        Assert.Equal(name is "clip-frozen" or "dual-text" or "clip-shared" or "momentum-alone", before.Keys.Any(static p => p.IsFrozen));
    }

    [Fact]
    public void A_model_of_one_tower_encodes_no_side()
    {
        var data = new InterpretedModel("vit");
        using var model = EngineModels.Create(EngineModels.Of("vit"), data, new CpuDevice(1));
        EngineModels.SetInputs(model, data);
        Assert.Contains("Forward gives its features", Assert.Throws<InvalidOperationException>(() => model.Core.Encode(Pass.EncodeFirst, data.Batch, 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Core.Encode(Pass.Train, data.Batch, 1));
    }
}
