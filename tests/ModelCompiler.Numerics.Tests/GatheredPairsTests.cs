using ModelCompiler.Cli.Hosting;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Emitted models that train on several batches whose pairs all meet: loss and gradients are those of one batch of all.</summary>
public sealed class GatheredPairsTests
{
    private static readonly int[] s_batches = [2, 3, 1];

    public static TheoryData<string> Cases => new(ModelCases.All.Where(static c => ModelCases.IsComposition(c.Value) && c.Value.Any(static a => a.Name is "Contrastive" or "PairwiseSigmoid" or "Triplet" or "SimilarityDistillation")).Select(static c => c.Key));

    [Theory, MemberData(nameof(Cases))]
    public void Loss_and_gradients_are_those_of_one_batch(string name)
    {
        var whole = Whole(name);
        using var model = Create(whole, new CpuDevice(2));
        Compare(model, whole, name);
    }

    [Theory]
    [InlineData("momentum")]
    [InlineData("siglip")]
    public void A_device_has_those_as_well(string name)
    {
        var whole = Whole(name);
        using var model = Create(whole, GpuDevicesOfTests.Any());
        Compare(model, whole, name);
    }

    // Copies and queues move once a step, with the vectors of all batches.
    [Fact]
    public void Steps_are_those_of_one_batch()
    {
        var whole = Whole("momentum");
        using var gathered = Create(whole, new CpuDevice(2));
        using var one = EngineModels.Create(HostedModel.Compile(ModelCases.Bind(Undropped("momentum")).Spec), whole, new CpuDevice(2));
        for (var step = 0; step < 4; step++)
        {
            Gradients(gathered, whole);
            Assert.True(gathered.Core.Step());
            EngineModels.SetInputs(one, whole);
            one.Core.ComputeGradients(whole.Batch, whole.Lengths, accumulate: false);
            Assert.True(one.Core.Step());
        }

        Assert.Equal(one.Core.Parameters["queue.next"].ToArray(), gathered.Core.Parameters["queue.next"].ToArray());
        Assert.All(one.Core.Parameters, p => Assert.Null(Comparison.Of(Doubles(p.Value.ToArray()), Doubles(gathered.Core.Parameters[p.Key].ToArray()), 2e-4, p.Key)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Threads_do_not_change_bits(int threads)
    {
        var whole = Whole("clip-shared", dropped: true);
        Assert.Equal(Weights(2), Weights(threads));

        float[] Weights(int count)
        {
            using var model = Create(whole, new CpuDevice(count));
            for (var step = 0; step < 3; step++)
            {
                Gradients(model, whole);
                Assert.True(model.Core.Step());
            }

            return [.. model.Core.Parameters.Values.SelectMany(static p => p.ToArray())];
        }
    }

    // Along the gradient the loss rises by its norm, but only where both passes of a batch drop the same.
    [Fact]
    public void Gradients_are_slopes_of_the_loss_with_the_same_dropout()
    {
        var whole = Whole("clip-shared", dropped: true);
        Assert.True(whole.HasDropout);
        using var model = Create(whole, new CpuDevice(2));
        Gradients(model, whole);
        var trained = model.Core.Parameters.Values.Where(static p => !p.IsFrozen).Select(static p => (Parameter: p, Weights: p.ToArray(), Gradient: p.GradientToArray())).ToArray();
        var norm = Math.Sqrt(trained.Sum(static t => t.Gradient.Sum(static g => (double)g * g)));
        const double Step = 3e-3;
        Assert.Equal(norm, (At(Step) - At(-Step)) / (2 * Step), norm * 0.01);

        double At(double step)
        {
            foreach (var (parameter, weights, gradient) in trained)
            {
                parameter.Set([.. weights.Zip(gradient, (w, g) => (float)(w + (step * g / norm)))]);
            }

            return Gradients(model, whole);
        }
    }

    [Fact]
    public void Memory_is_as_promised()
    {
        var whole = new InterpretedModel(Model("momentum"), batch: 6);
        using var model = Create(whole, new CpuDevice(2));
        Gradients(model, whole, [2, 2, 2]);
        Assert.True(model.Core.Step());
        Assert.Equal(model.Core.MemoryFor(Pass.Train, 2, whole.Lengths), model.Core.AllocatedBytes);
    }

    [Fact]
    public void What_is_out_of_order_is_refused()
    {
        var whole = Whole("clip-shared");
        using var model = Create(whole, new CpuDevice(1));
        EngineModels.SetInputs(model, whole);
        Assert.Contains("has no Train pass: the pairs of 3 batches meet", Assert.Throws<InvalidOperationException>(() => model.Core.ComputeGradients(6, whole.Lengths, accumulate: false)).Message);
        model.Core.BeginPairs(6);
        Assert.Contains("0 of 6 pairs were gathered", Assert.Throws<InvalidOperationException>(model.Core.QueueComparison).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Core.GatherPairs(7, whole.Lengths));
        Assert.Contains("0 of 6 pairs were compared", Assert.Throws<InvalidOperationException>(() => model.Core.QueueGradientsOfPairs(2, whole.Lengths)).Message);
        using var other = EngineModels.Of("clip-shared").Create(new CpuDevice(1), seed: 1);
        Assert.Contains("has no Compare pass: each of its batches is trained on by itself", Assert.Throws<InvalidOperationException>(() => other.Core.BeginPairs(6)).Message);
    }

    [Fact]
    public void A_queue_that_all_pairs_do_not_divide_is_refused_before_anything_runs()
    {
        var whole = Whole("momentum");
        using var model = Create(whole, new CpuDevice(1));
        var refused = Assert.Throws<ArgumentException>(() => model.Core.BeginPairs(15)).Message;
        Assert.Contains("A step on 15 pairs, of 3 batches, does not divide the queue of 24", refused);
        Assert.Contains("Batches that do have 1, 2, 4 rows each", refused);
    }

    private static AttributeSpec[] Model(string name) => [.. ModelCases.All[name].Where(static a => a.Name != "Accumulate"), ModelCases.Attribute("Accumulate", ("batches", s_batches.Length))];

    private static AttributeSpec[] Undropped(string name) => ModelCases.All[name].With(("ResidualDropout", 0.0), ("AttentionDropout", 0.0), ("EmbeddingDropout", 0.0));

    private static InterpretedModel Whole(string name, bool dropped = false) =>
        new(dropped ? Model(name) : Model(name).With(("ResidualDropout", 0.0), ("AttentionDropout", 0.0), ("EmbeddingDropout", 0.0)), batch: s_batches.Sum());

    private static IModel Create(InterpretedModel whole, Device device) => EngineModels.Create(HostedModel.Compile(whole.Model.Spec with { HasGpu = true }), whole, device);

    private static void Compare(IModel model, InterpretedModel whole, string name)
    {
        var expected = whole.Train();

        // Gradients of a step before must not be added to.
        Gradients(model, whole);
        Assert.Null(Comparison.Of(expected.Outputs["loss"], [Gradients(model, whole)], Tolerances.Float(400), name));
        foreach (var ((parameter, layer), gradient) in expected.Gradients)
        {
            foreach (var part in parameter.Parts.Where(static p => !p.IsAbsent && !p.IsFrozen))
            {
                var path = EngineModels.Path(part, layer);
                var off = Comparison.Of(gradient.AsSpan(part.Offset, part.Count).ToArray(), Doubles(model.Core.Parameters[path].GradientToArray()), Tolerances.Float(400), $"{name}: {path}");
                Assert.True(off is null, off);
            }
        }

        EngineModels.SetInputs(model, whole);
        Assert.Null(Comparison.Of(whole.Evaluate().Outputs["loss"], [model.Core.Evaluate(whole.Batch, whole.Lengths)], Tolerances.Float(400), name));
    }

    private static double Gradients(IModel model, InterpretedModel whole, int[]? batches = null)
    {
        var targets = whole.Inputs.Where(i => !whole.Sides.Any(s => i.InputName.StartsWith(s.Prefix, StringComparison.Ordinal))).ToArray();
        var parts = whole.Split(batches ?? s_batches);
        model.Core.BeginPairs(whole.Batch);
        foreach (var part in parts)
        {
            SetInputs(part);
            model.Core.GatherPairs(part.Batch, part.Lengths);
        }

        foreach (var input in targets)
        {
            EngineModels.SetInput(model, whole, input);
        }

        model.Core.QueueComparison();
        foreach (var part in parts)
        {
            SetInputs(part);
            model.Core.QueueGradientsOfPairs(part.Batch, part.Lengths);
        }

        return model.Core.ReadLoss();

        void SetInputs(InterpretedModel part)
        {
            foreach (var input in whole.Inputs.Except(targets))
            {
                EngineModels.SetInput(model, part, input);
            }
        }
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, static v => (double)v);
}
