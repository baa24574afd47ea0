using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Models;

/// <summary>What a model by names takes, and how it names what is wrong.</summary>
public sealed class CoreTests : IDisposable
{
    private readonly IModel _model = HostedModels.Create(HostedModels.Gpt2);

    private ModelCore Core => _model.Core;

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Inputs_are_named_and_typed()
    {
        Assert.Contains("Model has no input 'x'; it has ids, ", Assert.Throws<ArgumentException>(() => Core.SetInput("x", new float[1])).Message);
        Assert.Contains("Input 'ids' of Model takes integers.", Assert.Throws<ArgumentException>(() => Core.SetInput("ids", new float[1])).Message);
        Assert.Contains("Input 'targets_scale' of Model takes floats.", Assert.Throws<ArgumentException>(() => Core.SetInput("targets_scale", new int[1])).Message);
    }

    [Fact]
    public void A_parameter_that_is_not_there_is_named_with_those_beside_it()
    {
        using var queries = new Trainee.TraineeQueries(new CpuDevice(1));
        Assert.Equal(16, queries.Blocks[0].CrossAttention.Query.Weight.Shape[0]);
        Assert.Equal("TraineeQueries has no parameter 'blocks.1.cross_attention.query.weight'; blocks.1 has attention, attention_norm, feed_forward, feed_forward_norm.",
            Assert.Throws<KeyNotFoundException>(() => queries.Blocks[1].CrossAttention.Query.Weight).Message);
        Assert.Equal("Model has no parameter 'x'.", Assert.Throws<KeyNotFoundException>(() => Core.Parameters["x"]).Message);
    }

    [Fact]
    public void Every_input_is_set_anew_for_each_pass()
    {
        SetTokens();
        Assert.Contains("Input 'targets' of Model is not set", Assert.Throws<InvalidOperationException>(() => Core.Evaluate(2, 3)).Message);
        Core.Forward(2, 3); // needs no targets
        Assert.Contains("Input 'ids' of Model is not set", Assert.Throws<InvalidOperationException>(() => Core.Forward(2, 3)).Message);
        SetTokens();
        SetTargets();
        Core.ComputeGradients(2, 3, false);
        Assert.Throws<InvalidOperationException>(() => Core.ComputeGradients(2, 3, true));
    }

    [Fact]
    public void Sizes_are_checked()
    {
        SetTokens();
        Assert.Contains("Input 'ids' has 6 values; a batch of 3 rows of 3 takes 9.", Assert.Throws<ArgumentException>(() => Core.Forward(3, 3)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Core.Forward(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Core.Forward(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Core.Forward(1, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => Core.MemoryFor(Pass.Train, -1, 3));
        Core.Forward(2, 3); // nothing was lost
    }

    [Fact]
    public void Outputs_are_those_of_the_last_pass()
    {
        Assert.Contains("Model has no outputs before a pass.", Assert.Throws<InvalidOperationException>(() => Core.Output("logits")).Message);
        Assert.False(Core.HasOutput("logits"));
        SetTokens();
        Core.Forward(2, 3);
        Assert.Equal(2 * 3 * 11, Core.Output("logits").Length);
        Assert.Contains("The last pass of Model (Forward) has no output 'loss'.", Assert.Throws<InvalidOperationException>(() => Core.Output("loss")).Message);
        SetTokens();
        SetTargets();
        Assert.Equal(Core.Evaluate(2, 3), Core.Output("loss")[0]);
    }

    [Fact]
    public void Passes_that_a_model_lacks_are_named()
    {
        using var forward = HostedModels.Create(HostedModels.Spec(ModelCases.Text("TransformerDecoder")));
        Assert.Contains("has no Evaluate pass: it needs an objective.", Assert.Throws<InvalidOperationException>(() => forward.Core.Evaluate(1, 1)).Message);
        Assert.Contains("has no Train pass: it needs an objective and a parameter that is not frozen.", Assert.Throws<InvalidOperationException>(() => forward.Core.ComputeGradients(1, 1, false)).Message);
    }

    [Fact]
    public void A_step_takes_as_many_batches_as_it_was_said()
    {
        Core.RequireBatches(1);
        Assert.Contains("A step of Model takes 1 batch, not 2: see Accumulate.", Assert.Throws<ArgumentException>(() => Core.RequireBatches(2)).Message);
        using var model = HostedModels.Create(HostedModels.Spec([.. ModelCases.All["vit"], ModelCases.Attribute("Accumulate", ("batches", 3))]));
        Assert.Contains("takes 3 batches, not 0", Assert.Throws<ArgumentException>(() => model.Core.RequireBatches(0)).Message);
    }

    [Fact]
    public void Parameters_take_all_their_values_or_none()
    {
        var parameter = Core.Parameters["embeddings.position.weight"];
        Assert.Equal("embeddings.position.weight [6, 8]", parameter.ToString());
        Assert.Contains("'embeddings.position.weight' has 48 values [6, 8], not 47.", Assert.Throws<ArgumentException>(() => parameter.Set(new float[47])).Message);
        Assert.Equal(new float[48], parameter.GradientToArray()); // before the first pass
        using var frozen = HostedModels.Create(HostedModels.Spec(ModelCases.All["gpt-frozen"]));
        var still = frozen.Core.Parameters["blocks.0.attention.query.weight"];
        Assert.True(still.IsFrozen);
        Assert.Contains("is frozen: it has no gradient", Assert.Throws<InvalidOperationException>(still.GradientToArray).Message);
    }

    [Fact]
    public void Layers_are_counted_and_numbered()
    {
        Assert.Equal(2, Core.LayerCount("blocks"));
        var layers = new LayerList<int>(2, static i => 10 * i);
        Assert.Equal([0, 10], layers);
        Assert.Contains("Layers are numbered 0 to 1.", Assert.Throws<ArgumentOutOfRangeException>(() => layers[2]).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => layers[-1]);
    }

    private void SetTokens()
    {
        Core.SetInput("ids", (int[])[1, 2, 3, 4, 5, 6]);
        foreach (var input in Core.Description.Inputs.Where(static i => i.Name is "mask" or "positions"))
        {
            Core.SetInput(input.Name, input.Name == "mask" ? new[] { 1, 1, 1, 1, 1, 1 } : [0, 1, 2, 0, 1, 2]);
        }
    }

    private void SetTargets()
    {
        Core.SetInput("targets", (int[])[2, 3, -1, 5, 6, -1]);
        Core.SetScale("targets_scale", 4);
    }
}
