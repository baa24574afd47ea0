using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Whole models on data that is changed in ways whose effect is known, in double precision.</summary>
public sealed class MetamorphicTests
{
    private static readonly double s_tolerance = Tolerances.Double(1000);

    public static TheoryData<string> Cases => new(ModelCases.OfSamples);

    public static TheoryData<string> CasesWithoutDropout => new(ModelCases.OfSamples.Where(static n => !new InterpretedModel(n).HasDropout));

    public static TheoryData<string> Decoders => new(ModelCases.All.Where(static c => !ModelCases.IsComposition(c.Value) && c.Value[0].Name == "TransformerDecoder").Select(static c => c.Key));

    public static TheoryData<string> Texts => new(ModelCases.All.Where(static c => !ModelCases.IsComposition(c.Value) && c.Value[0].Name != "VisionTransformer").Select(static c => c.Key));

    [Theory, MemberData(nameof(Cases))]
    public void A_batch_gives_what_its_samples_give(string name)
    {
        var model = new InterpretedModel(name, batch: 2);
        var (both, first, second) = (model.Evaluate().Outputs, model.Sample(0).Evaluate().Outputs, model.Sample(1).Evaluate().Outputs);
        foreach (var (output, values) in both)
        {
            var expected = output.EndsWith("loss", StringComparison.Ordinal)
                ? [first[output][0] + second[output][0]]
                : Pieces(model, output, first[output]).Zip(Pieces(model, output, second[output]), static (a, b) => a.Concat(b)).SelectMany(static v => v).ToArray();
            Assert.Null(Comparison.Of(expected, values, s_tolerance, output));
        }
    }

    // The mean's factor is data: both halves are given the whole's.
    [Theory, MemberData(nameof(CasesWithoutDropout))]
    public void Gradients_of_samples_add_up_to_those_of_the_batch(string name)
    {
        var model = new InterpretedModel(name, batch: 2);
        var (both, first, second) = (Comparison.ByName(model.Train()), Comparison.ByName(model.Sample(0).Train()), Comparison.ByName(model.Sample(1).Train()));
        foreach (var (gradient, values) in both)
        {
            Assert.Null(Comparison.Of([.. first[gradient].Zip(second[gradient], static (a, b) => a + b)], values, s_tolerance, gradient));
        }
    }

    [Theory, MemberData(nameof(Decoders))]
    public void The_future_does_not_change_what_was_before_it(string name)
    {
        const int Known = 3;
        var model = new InterpretedModel(name);
        var expected = model.Evaluate().Outputs["hidden"];
        var width = expected.Length / (model.Batch * model.Length);
        var other = model.On(model.Batch, model.Length, (op, values) => op.InputName == "ids" ? [.. values.Select((id, i) => i % model.Length < Known ? id : (id + 1 + (i % 9)) % 11)] : values);
        var shorter = model.On(model.Batch, Known, (op, values) => op.Shape.Count.LengthPower == 0 ? values : [.. values.Where((_, i) => i % model.Length < Known)]);
        var (changed, cut) = (other.Evaluate().Outputs["hidden"], shorter.Evaluate().Outputs["hidden"]);
        for (var sample = 0; sample < model.Batch; sample++)
        {
            var before = expected.AsSpan(sample * model.Length * width, Known * width).ToArray();
            Assert.Equal(before, changed.AsSpan(sample * model.Length * width, Known * width).ToArray());
            Assert.Null(Comparison.Of(before, cut.AsSpan(sample * Known * width, Known * width).ToArray(), s_tolerance, "hidden"));
            Assert.NotEqual(expected.AsSpan(((sample * model.Length) + Known) * width, width).ToArray(), changed.AsSpan(((sample * model.Length) + Known) * width, width).ToArray());
        }
    }

    [Theory, MemberData(nameof(Texts))]
    public void What_padding_holds_does_not_change_tokens(string name)
    {
        var model = new InterpretedModel(name);
        var mask = model.Input("mask");
        var other = model.On(model.Batch, model.Length, (op, values) => op.InputName == "ids" ? [.. values.Select((id, i) => mask[i] == 0 ? (id + 5) % 11 : id)] : values);
        var longer = model.On(model.Batch, model.Length + 1, (op, values) => op.Shape.Count.LengthPower == 0 ? values
            : [.. values.Select((v, i) => (v, i)).SelectMany(e => (e.i + 1) % model.Length == 0 ? new[] { e.v, Beyond(op) } : [e.v])]);
        var (expected, changed, padded) = (model.Evaluate().Outputs, other.Evaluate().Outputs, longer.Evaluate().Outputs);
        var width = expected["hidden"].Length / mask.Length;
        for (var i = 0; i < mask.Length; i++)
        {
            var token = expected["hidden"].AsSpan(i * width, width).ToArray();
            Assert.Equal(mask[i] == 0, !token.AsSpan().SequenceEqual(changed["hidden"].AsSpan(i * width, width)));
            Assert.Null(mask[i] == 0 ? null : Comparison.Of(token, padded["hidden"].AsSpan((i + (i / model.Length)) * width, width).ToArray(), s_tolerance, "hidden"));
        }

        if (model.Model.Architecture is TransformerAttribute { Pooling: Pooling.Mean })
        {
            Assert.Null(Comparison.Of(expected["pooled"], changed["pooled"], s_tolerance, "pooled"));
            Assert.Null(Comparison.Of(expected["pooled"], padded["pooled"], s_tolerance, "pooled"));
        }

        // Targets that are padding are no targets; everything else of it is 0.
        static double Beyond(InputOp op) => op.InputName == "targets" ? -100 : 0;
    }

    // A tower that stays as it is, and what it gave as vectors: the same model above them.
    [Fact]
    public void Features_of_a_frozen_tower_can_be_computed_before()
    {
        AttributeSpec[] tower = [ModelCases.Vision(("Width", 12), ("Heads", 3), ("Depth", 1))], given = [ModelCases.Attribute("PrecomputedFeatures", ("Width", 12), ("Tokens", 5))];
        var whole = new InterpretedModel([ModelCases.Reads(tower, ("Queries", 3), ("Depth", 2)), ModelCases.Attribute("FeatureRegression"), ModelCases.Freeze("image")]);
        var features = whole.Evaluate().Outputs["image_hidden"];
        var above = new InterpretedModel([ModelCases.Reads(given, ("Queries", 3), ("Depth", 2)), ModelCases.Attribute("FeatureRegression")])
            .On(whole.Batch, 1, (op, values) => op.InputName == "image.vectors" ? features : whole.Input(op.InputName));
        Assert.Equal(whole.Evaluate().Outputs["hidden"], above.Evaluate().Outputs["hidden"]);
        Assert.Equal(whole.Loss(), above.Loss());
        var (expected, gradients) = (Comparison.ByName(whole.Train()), Comparison.ByName(above.Train()));
        Assert.Equal(expected.Keys.Order(), gradients.Keys.Order());
        Assert.All(gradients, g => Assert.Equal(expected[g.Key], g.Value));
    }

    // What is not there is not read, whatever stands in its place and whether it stands there at all.
    [Theory]
    [InlineData("features-qformer", "hidden")]
    [InlineData("features-captioner", "logits")]
    public void Vectors_that_are_not_there_change_nothing(string name, string output)
    {
        var model = new InterpretedModel(name);
        var vectors = model.Inputs.Single(static i => i.InputName.EndsWith(".vectors", StringComparison.Ordinal)).InputName;
        var mask = model.Input(vectors.Replace("vectors", "mask", StringComparison.Ordinal));
        var width = model.Input(vectors).Length / mask.Length;
        var hidden = model.On(model.Batch, model.Length, (op, values) => op.InputName == vectors ? [.. values.Select((v, i) => mask[i / width] == 0 ? v + 3 : v)] : values);
        var shown = model.On(model.Batch, model.Length, (op, values) => op.InputName == vectors ? [.. values.Select((v, i) => mask[i / width] == 0 ? v : v + 3)] : values);
        Assert.Contains(0, mask);
        Assert.Equal(model.Evaluate().Outputs[output], hidden.Evaluate().Outputs[output]);
        Assert.NotEqual(model.Evaluate().Outputs[output], shown.Evaluate().Outputs[output]);
    }

    [Theory, InlineData("bag"), InlineData("vit-bag")]
    public void Without_positions_tokens_in_another_order_give_outputs_in_that_order(string name)
    {
        var model = new InterpretedModel(name);
        var o = (TransformerAttribute)model.Model.Architecture;
        var order = name == "bag" ? new[] { 3, 0, 4, 1, 2 } : [4, 0, 5, 2, 1, 3];
        var other = model.On(model.Batch, model.Length, (op, values) => op.InputName == "pictures" ? Patches(op, values, ((VisionTransformerAttribute)o).PatchSize, order)
            : op.Shape.Count.LengthPower == 0 ? values
            : Permuted(values, 1, order));
        Assert.Null(Comparison.Of(Permuted(model.Evaluate().Outputs["hidden"], o.Width, order), other.Evaluate().Outputs["hidden"], s_tolerance, "hidden"));
    }

    [Theory]
    [InlineData("a query", 0, true)]
    [InlineData("another query", 1, true)]
    [InlineData("the key", 2, true)]
    [InlineData("the value", 3, false)]
    public void Norms_of_heads_take_away_how_large_a_head_is(string head, int place, bool isNormed)
    {
        const int HeadWidth = 4, All = 4;
        var model = new InterpretedModel(ModelCases.All["vit-heads"].With(("NormEpsilon", 1e-30)));
        var expected = model.Evaluate().Outputs["hidden"];
        foreach (var parameter in model.Parameters.Where(static p => p.Parts.Any(static x => x.Path.Contains(".attention.query."))))
        {
            var rows = parameter.Count / (All * HeadWidth);
            foreach (ref var value in model.Values(parameter, 0).AsSpan(place * HeadWidth * rows, HeadWidth * rows))
            {
                value *= 3;
            }
        }

        Assert.True(isNormed == Comparison.Of(expected, model.Evaluate().Outputs["hidden"], s_tolerance, head) is null, head);
    }

    // Token order[t] goes to place t.
    private static double[] Permuted(double[] values, int width, int[] order) =>
        [.. Enumerable.Range(0, values.Length).Select(i => values[(((i / width / order.Length * order.Length) + order[i / width % order.Length]) * width) + (i % width)])];

    private static double[] Patches(InputOp op, double[] values, int size, int[] order)
    {
        var (rows, columns) = ((int)op.Shape.Axes[2].Extent.Factor, (int)op.Shape.Axes[3].Extent.Factor);
        var across = columns / size;
        return [.. Enumerable.Range(0, values.Length).Select(i =>
        {
            var (picture, y, x) = (i / (rows * columns), i / columns % rows, i % columns);
            var from = order[(y / size * across) + (x / size)];
            return values[(((picture * rows) + (from / across * size) + (y % size)) * columns) + (from % across * size) + (x % size)];
        })];
    }

    // Hidden states and attention weights lie one after the other, each with all samples.
    private static IEnumerable<double[]> Pieces(InterpretedModel model, string output, double[] values)
    {
        var depth = model.Model.Architecture is TransformerAttribute o ? o.Depth : 0;
        var count = output switch { "hidden_states" => depth + 1, "attentions" => depth, _ => 1 };
        return values.Chunk(values.Length / count);
    }
}
