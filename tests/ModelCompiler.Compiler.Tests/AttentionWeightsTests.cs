using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Passes;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Attention weights for somebody to look at: against softmaxes written out, in double.</summary>
public sealed class AttentionWeightsTests
{
    private const int Samples = 2, HeadWidth = 3;

    private static readonly double s_tolerance = Tolerances.Double(1000);

    public static TheoryData<string> Asking => new(ModelCases.All.Where(static c => Options(c.Value).Any(static o => o.Attentions)).Select(static c => c.Key));

    [Theory]
    [InlineData(5, 7, 2, 2, false, false)]
    [InlineData(3, 8, 4, 2, true, true)]
    [InlineData(8, 3, 3, 1, true, false)]
    public void Weights_of_another_sequence_are_softmaxes_of_its_scores(int queries, int keys, int heads, int keyHeads, bool isCausal, bool isMasked)
    {
        var options = new AttentionOptions(heads, keyHeads, 0.7, false, isCausal, 0, 0);
        var (q, kv, mask) = (Draw(queries * heads * HeadWidth, 1), Draw(keys * 2 * keyHeads * HeadWidth, 2), Mask(keys, isMasked));
        var g = new GraphBuilder();
        var shown = isMasked ? Input(g, "mask", ElementType.Integer, keys) : null;
        g.Output("weights", g.AttentionWeights(g.CrossAttention(Input(g, "q", ElementType.Float, queries, heads * HeadWidth), Input(g, "kv", ElementType.Float, keys, 2 * keyHeads * HeadWidth), shown, options)));
        var expected = Softmax(options, queries, keys, (b, i, c) => q[(((b * queries) + i) * heads * HeadWidth) + c], (b, j, c) => kv[(((b * keys) + j) * 2 * keyHeads * HeadWidth) + c], mask);
        Assert.Null(Comparison.Of(expected, Run(g, new() { ["q"] = q, ["kv"] = kv, ["mask"] = mask }), s_tolerance, "weights"));
        Adds(expected, keys, mayBeEmpty: isCausal);
    }

    [Theory]
    [InlineData(6, 4, 2, true, true)]
    [InlineData(5, 3, 3, false, false)]
    public void Weights_of_ones_own_sequence_are_softmaxes_of_its_scores(int tokens, int heads, int keyHeads, bool isCausal, bool isMasked)
    {
        var options = new AttentionOptions(heads, keyHeads, 0.4, false, isCausal, 0, 0);
        var row = options.AllHeads * HeadWidth;
        var (qkv, mask) = (Draw(tokens * row, 3), Mask(tokens, isMasked));
        var g = new GraphBuilder();
        g.Output("weights", g.AttentionWeights(g.SelfAttention(Input(g, "qkv", ElementType.Float, tokens, row), isMasked ? Input(g, "mask", ElementType.Integer, tokens) : null, options)));
        var expected = Softmax(options, tokens, tokens, (b, i, c) => qkv[(((b * tokens) + i) * row) + c], (b, j, c) => qkv[(((b * tokens) + j) * row) + (heads * HeadWidth) + c], mask);
        Assert.Null(Comparison.Of(expected, Run(g, new() { ["qkv"] = qkv, ["mask"] = mask }), s_tolerance, "weights"));
    }

    [Fact]
    public void A_sample_without_keys_has_weights_of_0()
    {
        var g = new GraphBuilder();
        g.Output("weights", g.AttentionWeights(g.SelfAttention(Input(g, "qkv", ElementType.Float, 4, 9 * HeadWidth), Input(g, "mask", ElementType.Integer, 4), new AttentionOptions(3, 3, 1, false, false, 0, 0))));
        var weights = Run(g, new() { ["qkv"] = Draw(4 * 9 * HeadWidth, 4), ["mask"] = [1, 0, 1, 1, 0, 0, 0, 0] });
        Assert.All(weights[(weights.Length / 2)..], static w => Assert.Equal(0, w));
        Adds(weights[..(weights.Length / 2)], 4, mayBeEmpty: false);
    }

    [Fact]
    public void A_loss_that_depends_on_weights_is_refused()
    {
        var b = new OpBuilder(new OpNumbers(2, 3));
        var attended = b.Graph.SelfAttention(b.Tensor("qkv", new Shape(new Axis("batch", Extent.Batch), new Axis("token", 3), new Axis("width", 12))), null, new AttentionOptions(2, 2, 1, false, false, 0, 0));
        b.Graph.Output("loss", b.Weighted(b.Graph.AttentionWeights(attended), "weights"));
        Assert.Contains("the loss depends on 'weight', which has no gradient", Assert.Throws<GraphException>(() => Differentiate.Run(b.Graph.Build(), "loss", recompute: false)).Message);
    }

    [Fact]
    public void What_is_no_attention_has_no_weights()
    {
        var g = new GraphBuilder();
        Assert.Contains("'x' is no result of attention", Assert.Throws<GraphException>(() => g.AttentionWeights(Input(g, "x", ElementType.Float, 4))).Message);
    }

    // Norms stand behind the sub-layers: what a block got is what queries and keys are made of.
    [Fact]
    public void A_block_gives_what_its_tokens_saw()
    {
        var model = new InterpretedModel(ModelCases.All["vit-post"].With(("HiddenStates", true), ("Attentions", true)));
        var (outputs, o) = (model.Evaluate().Outputs, (TransformerAttribute)model.Model.Architecture);
        var (tokens, options) = (5, new AttentionOptions(o.Heads, o.Heads, 1 / Math.Sqrt(o.Width / o.Heads), false, false, 0, 0));
        var expected = new List<double>();
        for (var layer = 0; layer < o.Depth; layer++)
        {
            var x = outputs["hidden_states"].AsSpan(layer * model.Batch * tokens * o.Width, model.Batch * tokens * o.Width).ToArray();
            var qkv = Project(model, "attention.qkv", layer, x, o.Width);
            expected.AddRange(Softmax(options, tokens, tokens, (b, i, c) => qkv[(((b * tokens) + i) * 3 * o.Width) + c], (b, j, c) => qkv[(((b * tokens) + j) * 3 * o.Width) + o.Width + c], Mask(tokens, false), model.Batch, o.Width / o.Heads));
        }

        Assert.Null(Comparison.Of([.. expected], outputs["attentions"], s_tolerance, "attentions"));
    }

    // Self-attention that adds nothing leaves a norm of the queries: what reads vectors that the caller gives, some of which are not there.
    [Fact]
    public void A_block_gives_what_it_read()
    {
        var model = new InterpretedModel([
            ModelCases.Reads([ModelCases.Attribute("PrecomputedFeatures", ("Width", 12), ("Tokens", 5), ("Padded", true))], ("Queries", 3), ("Depth", 1), ("CrossEvery", 1), ("NormEpsilon", 1e-3), ("HiddenStates", true), ("Attentions", true)),
            ModelCases.Attribute("FeatureRegression"),
        ]);
        Array.Clear(Values(model, ".attention.output.weight", 0));
        Array.Clear(Values(model, ".attention.output.bias", 0));
        var (outputs, o) = (model.Evaluate().Outputs, (TransformerAttribute)model.Model.Architecture);
        var (size, weight, bias) = (model.Batch * 3 * o.Width, Values(model, ".attention_norm.weight", 0), Values(model, ".attention_norm.bias", 0));
        var entered = outputs["hidden_states"].AsSpan(0, size).ToArray().Chunk(o.Width).SelectMany(x =>
        {
            var mean = x.Average();
            var deviation = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + o.NormEpsilon);
            return x.Select((v, c) => ((v - mean) / deviation * weight[c]) + bias[c]);
        }).ToArray();
        var (q, kv) = (Project(model, "cross_attention.query", 0, entered, o.Width), Project(model, "cross_attention.key_value", 0, model.Input("image.vectors"), 12));
        var expected = Softmax(new AttentionOptions(o.Heads, o.Heads, 1 / Math.Sqrt(o.Width / o.Heads), false, false, 0, 0), 3, 5,
            (b, i, c) => q[(((b * 3) + i) * o.Width) + c], (b, j, c) => kv[(((b * 5) + j) * 2 * o.Width) + c], model.Input("image.mask"), model.Batch, o.Width / o.Heads);
        Assert.Contains(0, expected);
        Assert.Null(Comparison.Of(expected, outputs["cross_attentions"], s_tolerance, "cross_attentions"));
    }

    [Theory, MemberData(nameof(Asking))]
    public void Weights_of_a_query_add_up_to_1(string name)
    {
        var model = new InterpretedModel(name);
        var graph = ModelPrograms.Compile(model.Model, Pass.Forward).Graph;
        var outputs = graph.Outputs.Where(static o => o.Name.EndsWith("attentions", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(outputs);
        foreach (var output in outputs)
        {
            Adds(model.Evaluate().Outputs[output.Name], (int)output.Values[0].Shape.LastExtent.At(model.Batch, model.Length), mayBeEmpty: false);
        }
    }

    [Theory, MemberData(nameof(Asking))]
    public void What_trains_and_encodes_is_the_same_without(string name)
    {
        var (with, without) = (ModelCases.Bind(ModelCases.All[name]), ModelCases.Bind(Without(ModelCases.All[name])));
        Assert.Equal(ProgramPrinter.Print(ModelPrograms.Compile(without, Pass.Train)), ProgramPrinter.Print(ModelPrograms.Compile(with, Pass.Train)));
        Assert.DoesNotContain("attention_weights", ProgramPrinter.Print(ModelPrograms.Compile(without, Pass.Forward)));
        Assert.Contains("attention_weights", ProgramPrinter.Print(ModelPrograms.Compile(with, Pass.Forward)));
        foreach (var pass in ModelCases.Meets(ModelCases.All[name]) ? [Pass.EncodeFirst, Pass.EncodeSecond] : ModelCases.ReadsSource(ModelCases.All[name]) ? [Pass.Prime, Pass.Decode] : Array.Empty<Pass>())
        {
            Assert.DoesNotContain("attention_weights", ProgramPrinter.Print(ModelPrograms.Compile(with, pass)));
        }
    }

    [Fact]
    public void Outputs_are_of_the_blocks_that_have_them()
    {
        var graph = ModelPrograms.Build(ModelCases.Bind(ModelCases.All["qformer"]), Pass.Forward).Graph;
        Assert.Equal((3, 2), (Layers("attentions"), Layers("cross_attentions"))); // the one in the middle does not read
        Assert.DoesNotContain(graph.Outputs, static o => o.Name == "image_attentions");

        int Layers(string name) => graph.Outputs.Single(o => o.Name == name).Values.Sum(static v => v.Producer.Block!.Count);
    }

    private static IEnumerable<TransformerAttribute> Options(AttributeSpec[] attributes) =>
        Layers.Side.All(ModelCases.Bind(attributes)).Select(static s => s.Options).Append(ModelCases.Bind(attributes).Architecture as TowerAttribute).OfType<TransformerAttribute>();

    // Of queries and the tower that they read, the options of both.
    private static AttributeSpec[] Without(IEnumerable<AttributeSpec> model) => [.. model.Select(static a => a with
    {
        Arguments = new(a.Arguments.Where(static x => x.Name != "Attentions")),
        TypeArguments = new(a.TypeArguments.Select(static t => t with { Attributes = new(Without(t.Attributes)) })),
    })];

    private static void Adds(double[] weights, int keys, bool mayBeEmpty) =>
        Assert.All(weights.Chunk(keys).Select(static row => row.Sum()).Where(sum => !mayBeEmpty || sum != 0), static sum => Assert.Equal(1, sum, 1e-12));

    // [samples, heads, queries, keys], of q and k of a token and channel.
    private static double[] Softmax(AttentionOptions o, int queries, int keys, Func<int, int, int, double> q, Func<int, int, int, double> k, double[] mask, int samples = Samples, int headWidth = HeadWidth)
    {
        var all = new List<double>();
        for (var row = 0; row < samples * o.Heads * queries; row++)
        {
            var (b, h, i) = (row / (o.Heads * queries), row / queries % o.Heads, row % queries);
            double[] exponentials = [.. Enumerable.Range(0, keys).Select(j => mask[(b * keys) + j] == 0 || (o.Causal && j > i + keys - queries) ? 0
                : Math.Exp(o.Scale * Enumerable.Range(0, headWidth).Sum(c => q(b, i, (h * headWidth) + c) * k(b, j, (h / (o.Heads / o.KeyHeads) * headWidth) + c))))];
            all.AddRange(exponentials.Select(e => e == 0 ? 0 : e / exponentials.Sum()));
        }

        return [.. all];
    }

    private static double[] Project(InterpretedModel model, string name, int layer, double[] x, int width)
    {
        var weight = Values(model, $".{name}{(name.EndsWith("query", StringComparison.Ordinal) ? "." : "_")}weight", layer);
        var bias = Values(model, $".{name}{(name.EndsWith("query", StringComparison.Ordinal) ? "." : "_")}bias", layer);
        return [.. x.Chunk(width).SelectMany(row => bias.Select((b, r) => b + row.Select((v, c) => v * weight[(r * width) + c]).Sum()))];
    }

    private static double[] Values(InterpretedModel model, string end, int layer) => model.Values(model.Parameters.Single(p => p.Name.EndsWith(end, StringComparison.Ordinal)), layer);

    private static Value Input(GraphBuilder g, string name, ElementType type, params int[] shape) =>
        g.Apply(new InputOp(name, new Shape([new Axis("batch", Extent.Batch), .. shape.Select(static (n, i) => new Axis($"axis_{i}", n))]), type));

    private static double[] Run(GraphBuilder g, Dictionary<string, double[]> inputs)
    {
        var program = Lower.Run(ModelPrograms.Optimize(g.Build(), Pass.Forward, recompute: false), fuse: true);
        return KernelInterpreter.Run(program, new InterpreterData(Samples, 1, name => inputs[name], static (_, _) => [])).Outputs["weights"];
    }

    private static double[] Draw(int perSample, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Samples * perSample).Select(_ => (4 * random.NextDouble()) - 2)];
    }

    private static double[] Mask(int keys, bool isMasked) => [.. Enumerable.Range(0, 8 * keys).Select(i => isMasked && i % 5 == 4 ? 0.0 : 1)];
}
