using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Models;

/// <summary>What the typed surface of emitted models refuses, with its messages.</summary>
public sealed class TypedModelTests
{
    [Fact]
    public void Labels_are_classes_or_do_not_count()
    {
        using var model = new ShapesVit(new CpuDevice(2));
        var batch = new ShapesVit.Batch(new ShapesVit.Pictures(2));
        batch.Labels[1] = 6;
        Assert.Equal("labels[1] is 6; legal are 0 to 5, or a negative number for a target that does not count.", Assert.Throws<ArgumentException>(() => model.TrainStep(batch)).Message);
        Assert.Equal(0, model.Core.Steps);
        batch.Labels[1] = -1;
        Assert.Equal(1, batch.Counts.Labels);
        Assert.True(double.IsFinite(model.TrainStep(batch)));
        batch.Labels[0] = -1;
        Assert.Equal(0, model.Evaluate(batch).Loss); // nothing counts
        var before = Weights();
        Assert.Equal(NothingCounts("labels"), Assert.Throws<ArgumentException>(() => model.TrainStep(batch)).Message);
        Assert.Equal(NothingCounts("labels"), Assert.Throws<ArgumentException>(() => model.Fit(Batches.Of<ShapesVit.Batch>((_, _) => batch), new() { Steps = 9, Output = TextWriter.Null })).Message);
        Assert.Equal(1, model.Core.Steps);
        Assert.Equal(before, Weights());
        batch.Labels[0] = 0;
        Assert.True(double.IsFinite(model.TrainStep(batch)));

        float[] Weights() => [.. model.Core.Parameters.Values.SelectMany(static p => p.ToArray())];
    }

    // Of two losses one may have nothing, and of several batches of a step some.
    [Fact]
    public void A_step_has_one_target_that_counts()
    {
        using var model = new Trainee.TraineeBert(new CpuDevice(2));
        var batch = new Trainee.TraineeBert.Batch(new(2, 5));
        Array.Fill(batch.Targets, -1);
        Assert.True(double.IsFinite(model.ComputeGradients(batch)));
        Array.Fill(batch.NextSentence, -1);
        Assert.Equal(NothingCounts("targets or next_sentence"), Assert.Throws<ArgumentException>(() => model.ComputeGradients(batch)).Message);
        Assert.True(double.IsFinite(model.ComputeGradients(batch, new Trainee.TraineeBert.Batch(new(2, 5)))));
    }

    private static string NothingCounts(string targets) =>
        $"None of the {targets} of this step counts, so there is nothing to learn: give one or more that do (Counts of a batch says how many), or leave such batches out.";

    [Fact]
    public void Ids_are_tokens_of_the_vocabulary()
    {
        using var model = new CharacterGpt(new CpuDevice(2));
        var tokens = new CharacterGpt.Tokens(2, 5);
        tokens.Ids[7] = 65;
        Assert.Equal("Ids[1, 2] is 65; legal are 0 to 64.", Assert.Throws<ArgumentException>(() => model.Forward(tokens)).Message);
        tokens.Ids[7] = 64;
        Assert.Equal(2 * 5 * 65, model.Forward(tokens).Logits.Length);
        Assert.Contains("A row has 1 to 64 tokens, the Context of the model.", Assert.Throws<ArgumentOutOfRangeException>(static () => new CharacterGpt.Tokens(2, 65)).Message);
        var batch = new CharacterGpt.Batch(tokens);
        batch.Targets[3] = 65;
        Assert.StartsWith("targets[3] is 65; legal are 0 to 64", Assert.Throws<ArgumentException>(() => model.Evaluate(batch)).Message);
    }

    [Fact]
    public void A_step_takes_one_batch_where_nothing_else_was_said()
    {
        using var model = new ShapesVit(new CpuDevice(2));
        var batch = new ShapesVit.Batch(new ShapesVit.Pictures(1));
        Assert.Contains("A step of ShapesVit takes 1 batch, not 2: see Accumulate.", Assert.Throws<ArgumentException>(() => model.TrainStep(batch, batch)).Message);
        Assert.Contains("takes 1 batch, not 0", Assert.Throws<ArgumentException>(() => model.TrainStep()).Message);
    }

    [Fact]
    public void A_model_that_was_disposed_of_says_so()
    {
        var model = new ShapesVit(new CpuDevice(2));
        var batch = new ShapesVit.Batch(new ShapesVit.Pictures(1));
        var output = model.Forward(batch.Inputs);
        var weight = model.Blocks[0].Attention.Query.Weight;
        model.Dispose();
        model.Dispose();
        Action[] uses =
        [
            () => model.Forward(batch.Inputs), () => model.Evaluate(batch), () => model.TrainStep(batch), () => model.ComputeGradients(batch), () => model.MemoryFor(1),
            () => _ = output.Logits, () => weight.ToArray(), () => weight.GradientToArray(), () => model.Save("nowhere"), () => model.LoadPretrained("nowhere"),
        ];
        foreach (var use in uses)
        {
            Assert.Throws<ObjectDisposedException>(use);
        }
    }

    [Fact]
    public void Training_gives_the_same_bits_after_a_batch_that_was_refused()
    {
        Assert.Equal(Train(refused: false), Train(refused: true));

        static float[] Train(bool refused)
        {
            using var model = new ShapesVit(new CpuDevice(2), seed: 3);
            var batch = new ShapesVit.Batch(new ShapesVit.Pictures(2));
            batch.Inputs[1].Fill(0.5f);
            model.TrainStep(batch);
            if (refused)
            {
                batch.Labels[0] = 100;
                Assert.Throws<ArgumentException>(() => model.TrainStep(batch));
                batch.Labels[0] = 0;
            }

            model.TrainStep(batch);
            return model.Head.Weight.ToArray();
        }
    }
}
