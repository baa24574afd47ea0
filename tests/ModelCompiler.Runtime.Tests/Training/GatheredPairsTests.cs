using ModelCompiler.Runtime.Training;
using ModelCompiler.Trainee;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>Typed models that train on several batches whose pairs all meet.</summary>
public sealed class GatheredPairsTests
{
    [Fact]
    public void A_run_learns_and_has_the_same_bits_at_any_number_of_threads()
    {
        Assert.Equal(Losses(2), Losses(3));
        var losses = Losses(2);
        Assert.True(losses[^1] < losses[0] / 2, string.Join(", ", losses));

        static double[] Losses(int threads)
        {
            using var model = new GatheringPairs(new CpuDevice(threads), seed: 4);
            return [.. Enumerable.Range(0, 60).Select(_ => model.TrainStep(Batch(0, 4), Batch(4, 2), Batch(6, 3)))];
        }
    }

    [Fact]
    public void An_evaluation_of_all_pairs_has_the_loss_of_one_batch()
    {
        using var one = new TraineePairs(new CpuDevice(1), seed: 4);
        using var gathered = new GatheringPairs(new CpuDevice(1), seed: 4);
        var batch = new TraineePairs.Batch(new TraineePairs.Pictures(9), new TraineePairs.Tokens(9, 6));
        Fill(batch.Inputs.Image.Values, batch.Inputs.Text.Ids, batch.Inputs.Text.Mask, 0, 9);
        Assert.Equal(one.Evaluate(batch).Loss, gathered.Evaluate(Batch(0, 9)).Loss);
    }

    // Ids count in all batches of a step: by default no pair has that of another.
    [Fact]
    public void Pairs_of_two_batches_belong_together_only_where_their_ids_are_equal()
    {
        GatheringPairs.Batch[] batches = [Batch(0, 2), Batch(2, 2), Batch(4, 2)];
        Assert.Equal(6, batches.SelectMany(static b => b.Ids).Distinct().Count());
        using var model = new GatheringPairs(new CpuDevice(1), seed: 4);
        var apart = model.ComputeGradients(batches);
        Array.Fill(batches[0].Ids, 7);
        Array.Fill(batches[2].Ids, 7);
        Assert.NotEqual(apart, model.ComputeGradients(batches));
        Assert.Equal(0, model.ComputeGradients());
    }

    [Fact]
    public void A_run_in_parts_has_the_bits_of_one()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(Run("whole", 6), Run("parts", 2, 6));

        float[] Run(string name, params long[] steps)
        {
            foreach (var step in steps.SkipLast(1))
            {
                Fit(name, step);
            }

            return Fit(name, steps[^1]);
        }

        float[] Fit(string name, long steps)
        {
            using var model = new GatheringTwo(new CpuDevice(2), seed: 4);
            model.Fit(Batches.Of<GatheringTwo.Batch>(static (number, _) => Two((int)number % 5, 3)), new FitOptions { Steps = steps, Checkpoints = Path.Combine(folder.Path, name), Output = TextWriter.Null, HandleInterrupts = false });
            return [.. model.ParametersByName.Values.SelectMany(static p => p.ToArray())];
        }
    }

    [Fact]
    public void A_number_that_is_not_finite_is_traced_to_its_kernel()
    {
        using var model = new GatheringTwo(new CpuDevice(1), seed: 4);
        var bad = Two(3, 2);
        bad.Inputs.Image.Values[0] = float.NaN;
        Assert.Contains("image.embeddings", Assert.Throws<NotFiniteException>(() => model.TrainStep(Two(0, 3), bad)).Message);
    }

    [Fact]
    public void Memory_is_as_promised()
    {
        using var model = new GatheringTwo(new CpuDevice(2), seed: 4);
        model.TrainStep(Two(0, 3), Two(3, 3));
        Assert.Equal(model.MemoryFor(3, 6), model.Core.AllocatedBytes);
    }

    internal static GatheringTwo.Batch Two(int first, int count)
    {
        var batch = new GatheringTwo.Batch(new GatheringTwo.Pictures(count), new GatheringTwo.Tokens(count, 6) { Positions = [.. Enumerable.Range(0, count * 6).Select(static i => i % 6)] });
        Fill(batch.Inputs.Image.Values, batch.Inputs.Text.Ids, batch.Inputs.Text.Mask, first, count);
        return batch;
    }

    private static GatheringPairs.Batch Batch(int first, int count)
    {
        var batch = new GatheringPairs.Batch(new GatheringPairs.Pictures(count), new GatheringPairs.Tokens(count, 6));
        Fill(batch.Inputs.Image.Values, batch.Inputs.Text.Ids, batch.Inputs.Text.Mask, first, count);
        return batch;
    }

    private static void Fill(float[] pictures, int[] ids, int[] mask, int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var random = new Random(first + i);
            for (var p = 0; p < 64; p++)
            {
                pictures[(i * 64) + p] = (float)random.NextDouble();
            }

            for (var t = 0; t < 6; t++)
            {
                (ids[(i * 6) + t], mask[(i * 6) + t]) = (random.Next(20), 1);
            }
        }
    }
}
