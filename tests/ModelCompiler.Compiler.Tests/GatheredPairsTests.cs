using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Steps on several batches whose pairs all meet, in double: they are those of one batch of all, and dropout is the same both times.</summary>
public sealed class GatheredPairsTests
{
    private static readonly int[] s_batches = [1, 3, 2];

    public static TheoryData<string> Cases => new(ModelCases.All.Where(static c => ModelCases.IsComposition(c.Value) && c.Value.Any(static a => a.Name is "Contrastive" or "PairwiseSigmoid" or "Triplet" or "SimilarityDistillation")).Select(static c => c.Key));

    // The one batch draws other dropout than the parts.
    [Theory, MemberData(nameof(Cases))]
    public void Loss_and_gradients_are_those_of_one_batch(string name)
    {
        var whole = new InterpretedModel(Model(name).With(("ResidualDropout", 0.0), ("AttentionDropout", 0.0), ("EmbeddingDropout", 0.0)), batch: s_batches.Sum());
        var expected = whole.Train();
        var (loss, gradients) = Step(whole);
        Assert.Equal(expected.Outputs["loss"][0], loss, 1e-12);
        Assert.Equal(expected.Gradients.Keys.Select(Name).Order(), gradients.Keys.Order());
        foreach (var (key, values) in expected.Gradients)
        {
            Assert.Null(Comparison.Of(values, gradients[Name(key)], 1e-12, Name(key), 1));
        }
    }

    [Fact]
    public void Gradients_are_slopes_of_the_loss_with_the_same_dropout()
    {
        const double Step = 1e-5;
        var whole = new InterpretedModel(Model("clip-shared"), batch: s_batches.Sum());
        Assert.True(whole.HasDropout);
        var (loss, gradients) = GatheredPairsTests.Step(whole);
        Assert.NotEqual(new InterpretedModel(Model("clip-shared").With(("ResidualDropout", 0.0)), batch: s_batches.Sum()).Loss(), loss, 1e-6);
        foreach (var parameter in whole.Parameters.Where(static p => p.Parts.All(static x => !x.IsAbsent && !x.IsFrozen)))
        {
            var layer = parameter.Run?.First ?? -1;
            var values = whole.Values(parameter, layer);
            var i = values.Length / 2;
            var before = values[i];
            values[i] = before + Step;
            var above = GatheredPairsTests.Step(whole).Loss;
            values[i] = before - Step;
            var below = GatheredPairsTests.Step(whole).Loss;
            values[i] = before;
            Assert.Equal((above - below) / (2 * Step), gradients[$"{parameter.Name} {layer}"][i], 1e-7);
        }
    }

    [Fact]
    public void A_side_that_does_not_learn_is_computed_once()
    {
        var model = ModelCases.Bind([.. Model("clip-shared").Where(static a => a.Name is not ("Share" or "Freeze")), ModelCases.Freeze("text", "text_projection")]);
        var (embed, backward) = (Parameters(Pass.Embed), Parameters(Pass.Backward));
        Assert.Contains(embed, static n => n.StartsWith("text.", StringComparison.Ordinal));
        Assert.DoesNotContain(backward, static n => n.StartsWith("text", StringComparison.Ordinal));
        Assert.Contains("image_projection.weight", backward);

        string[] Parameters(Pass pass) => [.. ModelPrograms.Compile(model, pass).Graph.Nodes.Select(static n => n.Op).OfType<ParameterOp>().Select(static p => p.Parameter.Name)];
    }

    private static AttributeSpec[] Model(string name) => [.. ModelCases.All[name].Where(static a => a.Name != "Accumulate"), ModelCases.Attribute("Accumulate", ("batches", s_batches.Length))];

    private static (double Loss, Dictionary<string, double[]> Gradients) Step(InterpretedModel whole)
    {
        var parts = whole.Split(s_batches);
        foreach (var (parameter, layer) in whole.Parameters.SelectMany(static p => (p.Run is { } run ? Enumerable.Range(run.First, run.Count) : [-1]).Select(layer => (p, layer))))
        {
            foreach (var part in parts)
            {
                whole.Values(parameter, layer).CopyTo(part.Values(parameter, layer), 0);
            }
        }

        var gathered = parts.Select(static p => p.Run(Pass.Embed, []).Outputs).ToArray();
        var compared = whole.Run(Pass.Compare, gathered[0].Keys.Select(name => KeyValuePair.Create(name, gathered.SelectMany(g => g[name]).ToArray())));
        var sums = compared.Gradients.ToDictionary(static g => Name(g.Key), static g => g.Value);
        var first = 0;
        foreach (var part in parts)
        {
            var slopes = compared.Outputs.Where(static o => o.Key.EndsWith("_slope", StringComparison.Ordinal)).Select(o =>
                KeyValuePair.Create(o.Key, o.Value.AsSpan(first * o.Value.Length / whole.Batch, part.Batch * o.Value.Length / whole.Batch).ToArray()));
            foreach (var (key, values) in part.Run(Pass.Backward, slopes).Gradients)
            {
                sums[Name(key)] = sums.TryGetValue(Name(key), out var before) ? [.. before.Zip(values, static (a, b) => a + b)] : values;
            }

            first += part.Batch;
        }

        return (compared.Outputs["loss"][0], sums);
    }

    private static string Name((Parameter Parameter, int Layer) key) => $"{key.Parameter.Name} {key.Layer}";
}
