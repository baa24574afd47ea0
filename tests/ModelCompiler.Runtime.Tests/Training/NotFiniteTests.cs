using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>Numbers that are not finite stop a run before they reach the weights, and their origin is named.</summary>
public sealed class NotFiniteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_bad_picture_is_found_in_either_batch_of_a_step(int bad)
    {
        using var model = Trainee.Trainee.Create();
        var data = Trainee.Trainee.Data(1);
        Trainee.Trainee.Batch[] batches = [data.Get(0, null), data.Get(1, null)];
        model.TrainStep(batches);
        var before = model.Digest();
        batches[bad].Inputs[5][63] = float.NaN;
        var failure = Assert.Throws<NotFiniteException>(() => model.TrainStep(batches));
        Assert.Equal("PatchifyKernel (embeddings): patches[383] is NaN", failure.Kernel);
        Assert.Equal($"Step 2 of Trainee was not made: its loss is NaN, its gradient norm NaN. First output that is not finite: {failure.Kernel}.", failure.Message);
        Assert.Equal((before, 1L), (model.Digest(), model.Core.Steps));
        batches[bad].Inputs[5][63] = 0;
        Assert.True(double.IsFinite(model.TrainStep(batches))); // the watch has gone
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_layer_of_a_block_is_named(int layer)
    {
        using var model = Trainee.Trainee.Create();
        Poison(model, $"blocks.{layer}.feed_forward.up.weight", float.NaN);
        Assert.Matches($@"^Matmul\w*Kernel\d* \(blocks\.feed_forward\.up, layer {layer}\): \w+\[\d+\] is NaN$", Failure(model).Kernel);
    }

    [Fact]
    public void Overflow_is_found_where_it_begins()
    {
        using var model = Trainee.Trainee.Create();
        var down = model.ParametersByName["blocks.1.feed_forward.down.weight"];
        down.Set(Enumerable.Repeat(3e38f, down.Count).ToArray());
        var up = model.ParametersByName["blocks.1.feed_forward.up.bias"];
        up.Set(Enumerable.Repeat(1e3f, up.Count).ToArray());
        var failure = Failure(model);
        Assert.Contains("(blocks.feed_forward.down, layer 1)", failure.Kernel);
        Assert.EndsWith("[0] is Infinity", failure.Kernel);
    }

    [Fact]
    public void A_run_stops_at_the_step_and_what_was_before_is_kept()
    {
        using var model = Trainee.Trainee.Create();
        var data = Trainee.Trainee.Data(1);
        var bad = Batches.Of<Trainee.Trainee.Batch>((number, reuse) =>
        {
            var batch = data.Get(number, reuse);
            batch.Inputs.Values[0] = number == 25 ? float.PositiveInfinity : batch.Inputs.Values[0];
            return batch;
        });
        Assert.StartsWith("Step 13 of Trainee was not made", Assert.Throws<NotFiniteException>(() => model.Fit(bad, Fits.Options(_folder.Path), Trainee.Trainee.Data(2))).Message);
        Assert.Equal(Fits.Run(Fits.Options(null, 12)).Digest, model.Digest());
        Assert.Equal(12, File.ReadLines(_folder["metrics.csv"]).Count() - 1);
        Assert.Equal(Fits.Whole.Digest, Fits.Run(Fits.Options(_folder.Path)).Digest); // from step 10, with data that is good
    }

    private static NotFiniteException Failure(Trainee.Trainee model)
    {
        var before = model.Digest();
        var data = Trainee.Trainee.Data(1);
        var failure = Assert.Throws<NotFiniteException>(() => model.TrainStep(data.Get(0, null), data.Get(1, null)));
        Assert.Equal((before, 0L), (model.Digest(), model.Core.Steps));
        return failure;
    }

    private static void Poison(Trainee.Trainee model, string name, float value)
    {
        var values = model.ParametersByName[name].ToArray();
        values[7] = value;
        model.ParametersByName[name].Set(values);
    }
}
