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
        model.Core.Forward(data.Batch, data.Lengths);
        var features = data.Sides.Select(s => model.Core.Output(s.Features)).ToArray();
        Pass[] passes = [Pass.EncodeFirst, Pass.EncodeSecond];
        for (var i = 0; i < passes.Length; i++)
        {
            foreach (var input in data.Inputs.Where(x => x.InputName.StartsWith(data.Sides[i].Prefix, StringComparison.Ordinal)))
            {
                EngineModels.SetInput(model, data, input);
            }

            model.Core.Encode(passes[i], data.Batch, data.LengthOf(passes[i]));
            Assert.Equal(features[i], model.Core.Output(data.Sides[i].Features));
            Assert.False(model.Core.HasOutput(data.Sides[1 - i].Features));
            Assert.True(model.Core.MemoryFor(passes[i], 64, data.Lengths) < model.Core.MemoryFor(Pass.Forward, 64, data.Lengths));
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
            model.Core.ComputeGradients(data.Batch, data.Lengths, accumulate: false);
            model.Core.Step();
        }

        // Softmax does not see a key's bias: its gradient is rounding alone, which moves it only where an optimizer divides by the gradient's own size.
        var divides = data.Model.Get<OptimizerAttribute>() is null or AdamWAttribute { Epsilon: < 1e-6 };
        Assert.All(before.Where(p => divides || p.Key.IsFrozen || !p.Key.Name.EndsWith("attention.key.bias", StringComparison.Ordinal)),
            static p => Assert.Equal(p.Key.IsFrozen, p.Value.SequenceEqual(p.Key.ToArray())));
        Assert.Equal(name is "clip-frozen" or "dual-text" or "clip-shared" or "momentum-alone" or "momentum-frozen" or "momentum-locked", before.Keys.Any(static p => p.IsFrozen));
    }

    // Its first text has room for 6 tokens, its second for 9.
    [Fact]
    public void Two_texts_have_a_length_each()
    {
        var data = new InterpretedModel("dual-text");
        data.Train();
        using var model = EngineModels.Create(EngineModels.Of("dual-text"), data, new CpuDevice(1));
        Assert.Equal(new Lengths(5, 7), data.Lengths);
        var (few, more) = (model.Core.MemoryFor(Pass.Train, 64, new(5, 5)), model.Core.MemoryFor(Pass.Train, 64, new(5, 9)));
        Assert.True(few < more && more < model.Core.MemoryFor(Pass.Train, 64, new(6, 9)));
        Assert.Equal(model.Core.MemoryFor(Pass.EncodeFirst, 64, new(5, 1)), model.Core.MemoryFor(Pass.EncodeFirst, 64, new(5, 9)));
        Assert.Equal(model.Core.MemoryFor(Pass.EncodeSecond, 64, new(1, 9)), model.Core.MemoryFor(Pass.EncodeSecond, 64, new(6, 9)));
        Refuses(new(7, 9), $"7 tokens are no length of the first text of {model.Core.Description.Name}: legal are 1 to 6.");
        Refuses(new(6, 10), $"10 tokens are no length of the second text of {model.Core.Description.Name}: legal are 1 to 9.");
        Refuses(new(6, 0), "0 tokens are no length of the second text");
        EngineModels.SetInputs(model, data);
        Assert.Contains("a batch of 3 rows of 5 and 6 takes 18", Assert.Throws<ArgumentException>(() => model.Core.Forward(data.Batch, new(5, 6))).Message);

        void Refuses(Lengths lengths, string message) => Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(() => model.Core.Forward(data.Batch, lengths)).Message);
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
