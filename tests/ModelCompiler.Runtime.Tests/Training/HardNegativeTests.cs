using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>The draws of hard negatives: of their distribution, and the same again whenever a pass is.</summary>
public sealed class HardNegativeTests
{
    private const int Batch = 4, Length = 5;

    // Of Gumbel's distribution the mean is Euler's constant and the variance pi^2 / 6.
    [Fact]
    public void Draws_have_their_distribution()
    {
        var draws = new float[200_000];
        DrawnInputs.Fill(draws, 7, 3, "image_draws");
        Assert.All(draws, static v => Assert.True(float.IsFinite(v)));
        var mean = draws.Average(static v => (double)v);
        Assert.Equal(0.5772, mean, 0.01);
        Assert.Equal(Math.PI * Math.PI / 6, draws.Average(v => (v - mean) * (v - mean)), 0.03);
    }

    [Fact]
    public void Seed_pass_and_name_tell_them_apart()
    {
        float[] Drawn(ulong seed, ulong draw, string name)
        {
            var values = new float[8];
            DrawnInputs.Fill(values, seed, draw, name);
            return values;
        }

        Assert.Equal(Drawn(1, 2, "image_draws"), Drawn(1, 2, "image_draws"));
        float[][] all = [Drawn(1, 2, "image_draws"), Drawn(2, 2, "image_draws"), Drawn(1, 3, "image_draws"), Drawn(1, 2, "text_draws"), Drawn(1, 2 | (1UL << 32), "image_draws")];
        Assert.Equal(all.Length, all.Select(static d => d[0]).Distinct().Count());
    }

    // A draw is the greatest of logits with noise: that is one by their softmax.
    [Fact]
    public void The_greatest_sum_is_drawn_by_the_softmax()
    {
        const int Draws = 30_000;
        double[] logits = [0, 1, 2];
        var counts = new int[3];
        var noise = new float[3];
        for (var i = 0; i < Draws; i++)
        {
            DrawnInputs.Fill(noise, 5, (ulong)i, "text_draws");
            counts[Enumerable.Range(0, 3).MaxBy(j => logits[j] + noise[j])]++;
        }

        var sum = logits.Sum(Math.Exp);
        Assert.All(Enumerable.Range(0, 3), j => Assert.Equal(Math.Exp(logits[j]) / sum, (double)counts[j] / Draws, 0.01));
    }

    [Fact]
    public void A_run_that_goes_on_draws_what_the_whole_run_drew()
    {
        var spec = HostedModels.Spec([.. ModelCases.All["blip2-pretraining"], ModelCases.Attribute("Sgd", ("LearningRate", 0.01), ("Momentum", 0.0))]);
        using var whole = HostedModels.Create(spec);
        double[] losses = [.. Enumerable.Range(0, 3).Select(_ => Step(whole))];

        // An optimizer without state: weights and the number of the step are all there is.
        using var other = HostedModels.Create(spec, seed: 2);
        foreach (var (name, values) in HostedModels.Weights(whole))
        {
            other.Core.Parameters[name].Set(values);
        }

        other.Core.Restore(3, whole.Core.Seed);
        double[] rest = [.. Enumerable.Range(0, 3).Select(_ => Step(whole))];
        double[] again = [.. Enumerable.Range(0, 3).Select(_ => Step(other))];
        Assert.Equal(rest, again);
        Assert.Equal(6, losses.Concat(rest).Distinct().Count());
    }

    private static double Step(IModel model)
    {
        var data = new InterpretedModel("blip2-pretraining", Batch, Length);
        foreach (var input in model.Core.Description.Inputs.Where(static i => !i.IsDrawn))
        {
            if (input.IsInteger)
            {
                model.Core.SetInput(input.Name, Array.ConvertAll(data.Input(input.Name), static v => (int)v));
            }
            else
            {
                model.Core.SetInput(input.Name, Array.ConvertAll(data.Input(input.Name), static v => (float)v));
            }
        }

        var loss = model.Core.ComputeGradients(Batch, Length, accumulate: false);
        Assert.True(model.Core.Step());
        return loss;
    }
}
