using ModelCompiler.Cli.Hosting;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Copies that follow and queues: emitted models against a plain reimplementation in double, and what must not move them.</summary>
public sealed class MomentumTests
{
    private const int Steps = 10;

    private static readonly Dictionary<string, (double Momentum, int Queue)> s_cases = new() { ["momentum"] = (0.9, 24), ["momentum-alone"] = (0.5, 0), ["queue"] = (0.75, 48), ["queue-alone"] = (0, 24), ["momentum-shared"] = (0.6, 24), ["momentum-frozen"] = (0.8, 24), ["momentum-locked"] = (0.8, 24) };

    public static TheoryData<string> Cases => new(s_cases.Keys);

    // Dropout draws anew in each step of the model, and once in the interpreter.
    [Theory, MemberData(nameof(Cases))]
    public void Ten_steps_equal_a_plain_reimplementation(string name)
    {
        var data = Undropped(name);
        data.Train();
        using var model = Create(data);
        var (momentum, queue) = s_cases[name];
        var optimizer = data.Model.Get<OptimizerAttribute>() ?? new AdamWAttribute();
        var roles = model.Core.Description.Parameters.ToDictionary(static p => p.Name);
        var plain = new PlainSteps();
        var next = 0;
        for (var step = 1; step <= Steps; step++)
        {
            var expected = data.Train();
            EngineModels.SetInputs(model, data);
            var loss = model.Core.ComputeGradients(data.Batch, data.Lengths, accumulate: false);
            Assert.True(model.Core.Step());
            Assert.Null(Comparison.Of(expected.Outputs["loss"], [loss], 1e-4, $"loss of step {step}"));
            var gradients = expected.Gradients.ToDictionary(static g => (g.Key.Parameter.Name, g.Key.Layer), static g => g.Value);
            foreach (var (parameter, layer, part) in EngineModels.Parts(data).Where(p => roles[EngineModels.Path(p.Part, p.Layer)].Role == ParameterRole.Trained))
            {
                var path = EngineModels.Path(part, layer);
                var weights = data.Values(parameter, layer).AsSpan(part.Offset, part.Count);
                var gradient = gradients[(parameter.Name, layer)].AsSpan(part.Offset, part.Count);
                var decay = roles[path].Decays ? optimizer.WeightDecay : 0;
                if (optimizer is SgdAttribute sgd)
                {
                    plain.Sgd(path, weights, gradient, sgd.LearningRate, sgd.Momentum, decay);
                }
                else
                {
                    plain.AdamW(path, weights, gradient, step, optimizer.LearningRate, decay, ((AdamWAttribute)optimizer).Epsilon);
                }
            }

            var values = EngineModels.Parts(data).ToDictionary(static p => EngineModels.Path(p.Part, p.Layer), p => (p.Parameter, p.Layer, p.Part));
            foreach (var copy in roles.Values.Where(static r => r.Source is not null))
            {
                PlainSteps.Follow(Span(copy.Name), Span(copy.Source!), momentum);
            }

            if (queue > 0)
            {
                next = data.Sides.Select(side => PlainSteps.Push(data.Values(values[$"queue.{side.Name}"].Parameter, -1), expected.Outputs[side.Name + "_keys"], expected.Outputs[side.Name + "_keys"].Length / data.Batch, next)).ToArray()[^1];
                Assert.Equal(next, model.Core.Parameters["queue.next"].ToArray()[0]);
            }

            Span<double> Span(string path) => data.Values(values[path].Parameter, values[path].Layer).AsSpan(values[path].Part.Offset, values[path].Part.Count);
        }

        foreach (var (parameter, layer, part) in EngineModels.Parts(data).Where(static p => p.Part.Path != "queue.next"))
        {
            var (path, expected) = (EngineModels.Path(part, layer), data.Values(parameter, layer).AsSpan(part.Offset, part.Count).ToArray());
            Assert.Null(Comparison.Of(expected, Array.ConvertAll(model.Core.Parameters[path].ToArray(), static v => (double)v), 2e-4, path));
        }
    }

    [Fact]
    public void Copies_begin_as_the_weights_and_queues_with_unit_vectors()
    {
        using var model = EngineModels.Of("momentum").Create(new CpuDevice(1), seed: 3);
        foreach (var copy in model.Core.Description.Parameters.Where(static p => p.Source is not null))
        {
            Assert.Equal(model.Core.Parameters[copy.Source!].ToArray(), model.Core.Parameters[copy.Name].ToArray());
        }

        var queue = model.Core.Parameters["queue.image"];
        Assert.All(queue.ToArray().Chunk(queue.Shape[1]), static row => Assert.Equal(1, row.Sum(static v => (double)v * v), 1e-6));
        Assert.NotEqual(queue.ToArray(), model.Core.Parameters["queue.text"].ToArray());
    }

    [Fact]
    public void A_run_that_is_continued_has_the_same_bits()
    {
        var data = new InterpretedModel("momentum");
        data.Train();
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            using var first = EngineModels.Create(EngineModels.Of("momentum"), data, new CpuDevice(2));
            Train(first, data, 5);
            TrainingCheckpoint.Write(path, first.Core, RunState.Start);
            using var second = EngineModels.Of("momentum").Create(new CpuDevice(3), seed: 77);
            TrainingCheckpoint.Read(path, second.Core);
            Train(first, data, 5);
            Train(second, data, 5);
            Assert.Equal(All(first), All(second));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_is_no_step_moves_nothing()
    {
        var data = new InterpretedModel("momentum");
        data.Train();
        using var model = EngineModels.Create(EngineModels.Of("momentum"), data, new CpuDevice(2));
        Train(model, data, 2);
        var before = All(model);
        EngineModels.SetInputs(model, data);
        model.Core.ComputeGradients(data.Batch, data.Lengths, accumulate: false);
        EngineModels.SetInputs(model, data);
        model.Core.Evaluate(data.Batch, data.Lengths);
        Assert.Equal(before, All(model));

        EngineModels.SetInputs(model, data);
        model.Core.SetInput("image.pictures", [.. data.Input("image.pictures").Select(static _ => float.NaN)]);
        model.Core.ComputeGradients(data.Batch, data.Lengths, accumulate: false);
        Assert.False(model.Core.Step());
        Assert.Equal(before, All(model));
    }

    // The workspace, where the vectors of a step lie, is used by whatever runs before the step is made.
    [Fact]
    public void A_pass_before_the_step_changes_nothing_of_it()
    {
        var data = new InterpretedModel("momentum");
        data.Train();
        Assert.Equal(Run(between: false), Run(between: true));

        float[] Run(bool between)
        {
            using var model = EngineModels.Create(EngineModels.Of("momentum"), data, new CpuDevice(2));
            EngineModels.SetInputs(model, data);
            model.Core.ComputeGradients(data.Batch, data.Lengths, accumulate: false);
            if (between)
            {
                EngineModels.SetInputs(model, data);
                model.Core.Forward(data.Batch, data.Lengths);
            }

            Assert.True(model.Core.Step());
            return All(model);
        }
    }

    [Fact]
    public void A_batch_that_does_not_divide_the_queue_is_refused()
    {
        var data = new InterpretedModel("momentum", batch: 5);
        using var model = EngineModels.Create(EngineModels.Of("momentum"), data, new CpuDevice(1));
        EngineModels.SetInputs(model, data);
        var refused = Assert.Throws<ArgumentException>(() => model.Core.ComputeGradients(5, data.Lengths, accumulate: false));
        Assert.Contains("A batch of 5 does not divide the queue of 24", refused.Message);
        Assert.Contains("2, 3, 4 rows", refused.Message);
        model.Core.Evaluate(5, data.Lengths);
    }

    // The number is a float of a file, and files lie.
    [Theory]
    [InlineData(-1f, 0)]
    [InlineData(1e9f, 23)]
    [InlineData(float.NaN, 0)]
    public void A_number_of_the_next_row_that_is_none_is_held_within_the_queue(float next, int row)
    {
        var data = new InterpretedModel("momentum");
        data.Train();
        foreach (var device in new Device[] { new CpuDevice(2), GpuDevicesOfTests.Any(), PtxEmulator.Device })
        {
            using var model = EngineModels.Create(EngineModels.Of("momentum"), data, device);
            model.Core.Parameters["queue.next"].Set([next]);
            var before = model.Core.Parameters["queue.text"].ToArray();
            Train(model, data, 1);
            Assert.Equal((row + data.Batch) % 24, model.Core.Parameters["queue.next"].ToArray()[0]);
            var width = model.Core.Parameters["queue.text"].Shape[1];
            var changed = model.Core.Parameters["queue.text"].ToArray().Zip(before).Select(static (p, i) => (IsOther: p.First != p.Second, Index: i)).Where(static x => x.IsOther).Select(x => x.Index / width).Distinct().Order();
            Assert.Equal(Enumerable.Range(row, data.Batch).Select(static r => r % 24).Order(), changed);
        }
    }

    private static void Train(IModel model, InterpretedModel data, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            EngineModels.SetInputs(model, data);
            model.Core.ComputeGradients(data.Batch, data.Lengths, accumulate: false);
            Assert.True(model.Core.Step());
        }
    }

    private static InterpretedModel Undropped(string name) => new(ModelCases.All[name].With(("ResidualDropout", 0.0)), seed: 5);

    private static IModel Create(InterpretedModel data) => EngineModels.Create(HostedModel.Compile(data.Model.Spec), data, new CpuDevice(2));

    private static float[] All(IModel model) => [.. model.Core.Parameters.Values.SelectMany(static p => p.ToArray())];
}
