using ModelCompiler.Cli.Hosting;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>A composition takes the weights of a model that is its tower, not those that fit by their shapes alone.</summary>
public sealed class TowerWeightsTests
{
    private static readonly Lazy<HostedModel> s_clip = new(static () => Compile(
        ModelCases.Meet("Clip", [ModelCases.Vision()], [ModelCases.Text("TransformerDecoder", ("Pooling", Pooling.Mean))], ("Embedding", 6)), ModelCases.Attribute("Contrastive")));

    [Theory]
    [InlineData("TransformerDecoder", "Heads", 4, "it has Heads = 4, and the composition 2")]
    [InlineData("TransformerDecoder", "Activation", Activation.Relu, "it has Activation = Relu, and the composition its default")]
    [InlineData("TransformerDecoder", "NormEpsilon", 1e-3, "it has NormEpsilon = 0.001, and the composition its default")]
    [InlineData("TransformerEncoder", "PaddingToken", -1, "it is a TransformerEncoder, and the composition has a TransformerDecoder")]
    public void Weights_that_would_mean_something_else_are_refused(string architecture, string option, object value, string difference)
    {
        using var model = s_clip.Value.Create(Device.Cpu, seed: 1);
        using var tower = Compile(ModelCases.Text(architecture, (option, value))).Create(Device.Cpu, seed: 2);
        var before = model.Core.Parameters["text.embeddings.token.weight"].ToArray();
        var error = Assert.Throws<ArgumentException>(() => TowerWeights.CopyFrom(model.Core, "text", tower));
        Assert.Contains(difference, error.Message);
        Assert.Equal(before, model.Core.Parameters["text.embeddings.token.weight"].ToArray());
        Assert.Contains(difference, Assert.Throws<ArgumentException>(() => TowerWeights.CopyTo(model.Core, "text", tower)).Message);
    }

    [Theory, InlineData("Pooling", Pooling.Last), InlineData("ResidualDropout", 0.1), InlineData("InitialDeviation", 0.1)]
    public void What_training_or_a_composition_chooses_anew_may_differ(string option, object value)
    {
        using var model = s_clip.Value.Create(Device.Cpu, seed: 1);
        using var tower = Compile(ModelCases.Text("TransformerDecoder", (option, value))).Create(Device.Cpu, seed: 2);
        TowerWeights.CopyFrom(model.Core, "text", tower);
        Assert.Equal(tower.Core.Parameters["blocks.1.attention.query.weight"].ToArray(), model.Core.Parameters["text.blocks.1.attention.query.weight"].ToArray());
    }

    private static HostedModel Compile(params AttributeSpec[] attributes) => HostedModel.Compile(ModelCases.Bind(attributes).Spec);
}
