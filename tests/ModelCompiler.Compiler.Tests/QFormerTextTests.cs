using System.Text.Json;
using ModelCompiler.Compiler.Architectures;
using ModelCompiler.Compiler.Checkpoints;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>
/// The reference's Q-Former with a text beside its queries and with the text alone, whose loss no model of ours has: the layers themselves against its outputs, gradients and twenty
/// steps, in double.
/// </summary>
public sealed class QFormerTextTests
{
    private const int Queries = 4, Batch = 3, Length = 8, Width = 24;
    private const double Rounding = 1e-6; // files hold floats

    private static readonly string s_folder = Path.Combine(Folders.Root, "tests", "Golden", "qformer", "queries_and_text");

    private static readonly TensorRule[] s_rules =
    [
        new("query_tokens", "qformer.embeddings.queries"),
        .. BertQFormer.Tensors("layernorm", "attention").Select(static r => r.Under("qformer.", "qformer.", "")),
        .. BertQFormer.TextTensors("", "qformer.").Select(static r => r.Under("", "text.", "")),
    ];

    private readonly Dictionary<(string Parameter, int Layer), double[]> _values = [];
    private readonly Dictionary<string, double[]> _inputs = [];
    private readonly Dictionary<string, string> _tensors;
    private readonly Compiler.Ir.Kernels.Program _program;
    private readonly IReadOnlyList<Parameter> _parameters;

    public QFormerTextTests()
    {
        (var graph, _parameters) = Build();
        _tensors = TensorRule.Apply(s_rules, CheckpointFamily.Named(_parameters), out var homeless).ToDictionary(static t => t.Parameters.Single(), static t => t.Name);
        Assert.Empty(homeless);
        _program = Lower.Run(ModelPrograms.Optimize(graph, Pass.Train, recompute: false), fuse: true);
        using var weights = new SafetensorsFile(Path.Combine(s_folder, "model.safetensors"));
        Assert.Equal(weights.Tensors.Select(static t => t.Name).Order(), _tensors.Values.Order());
        foreach (var (parameter, layer) in _parameters.SelectMany(static p => Layers(p).Select(l => (p, l))))
        {
            _values.Add((parameter.Name, layer), [.. parameter.Parts.SelectMany(p => weights.ReadDoubles(Tensor(p, layer)))]);
        }

        using var inputs = new SafetensorsFile(Path.Combine(s_folder, "inputs.safetensors"));
        var (target, columns) = (inputs.ReadDoubles("target"), (Queries + Length) * Width);
        _inputs["image.vectors"] = inputs.ReadDoubles("image_features");
        _inputs["text.ids"] = inputs.ReadDoubles("input_ids");
        _inputs["text.mask"] = inputs.ReadDoubles("attention_mask");
        _inputs["text.positions"] = [.. Enumerable.Range(0, Batch * Length).Select(static i => (double)(i % Length))];
        _inputs["queries_target"] = [.. target.Where((_, i) => i % columns < Queries * Width)];
        _inputs["beside_target"] = [.. target.Where((_, i) => i % columns >= Queries * Width)];
        _inputs["alone_target"] = inputs.ReadDoubles("text_target");
        _inputs["whole_scale"] = [1.0 / target.Length];
        _inputs["alone_scale"] = [1.0 / _inputs["alone_target"].Length];
    }

    [Fact]
    public void Agrees_with_the_reference()
    {
        var result = Run();
        using var outputs = new SafetensorsFile(Path.Combine(s_folder, "outputs.safetensors"));
        double[] whole = [.. Enumerable.Range(0, Batch).SelectMany(s => Sample(result.Outputs["queries"], s).Concat(Sample(result.Outputs["beside"], s)))];
        Assert.Null(Comparison.Of(outputs.ReadDoubles("last_hidden_state"), whole, Rounding, "queries and text"));
        Assert.Null(Comparison.Of(outputs.ReadDoubles("text_only"), result.Outputs["alone"], Rounding, "text alone"));
        using var gradients = new SafetensorsFile(Path.Combine(s_folder, "gradients.safetensors"));
        var norm = Math.Sqrt(result.Gradients.Values.Sum(static g => g.Sum(static v => v * v)));
        foreach (var ((parameter, layer), values) in result.Gradients)
        {
            foreach (var part in parameter.Parts)
            {
                Assert.Null(Comparison.Of(gradients.ReadDoubles(Tensor(part, layer)), values[part.Offset..(part.Offset + part.Count)], Rounding, Tensor(part, layer), norm * 1e-3));
            }
        }

        Assert.Equal(gradients.Tensors.Count, result.Gradients.Sum(static g => g.Key.Parameter.Parts.Count));
    }

    [Fact]
    public void Twenty_steps_are_those_of_the_reference()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(s_folder, "case.json")));
        var training = json.RootElement.GetProperty("training");
        string[] decayed = [.. training.GetProperty("decayed").EnumerateArray().Select(static e => e.GetString()!)];
        var (losses, steps) = (training.GetProperty("loss_before_each_step").EnumerateArray().Select(static e => e.GetDouble()).ToArray(), new PlainSteps());
        Assert.Equal(20, losses.Length);
        for (var step = 1; step <= losses.Length; step++)
        {
            var result = Run();
            Assert.Equal(losses[step - 1], result.Outputs["loss"][0], Rounding * losses[0]);
            foreach (var ((parameter, layer), gradient) in result.Gradients)
            {
                var decay = parameter.Parts.Select(p => decayed.Contains(Tensor(p, layer))).Distinct().Single() ? training.GetProperty("weight_decay").GetDouble() : 0;
                steps.AdamW($"{parameter.Name} {layer}", _values[(parameter.Name, layer)], gradient, step, training.GetProperty("lr").GetDouble(), decay, training.GetProperty("eps").GetDouble());
            }
        }
    }

    private static (Graph Graph, IReadOnlyList<Parameter> Parameters) Build()
    {
        var model = ModelCases.Bind(ModelCases.Beside(
            ModelCases.Attribute("PrecomputedFeatures", ("Tokens", 10), ("Width", 20)),
            [("Queries", Queries), ("Width", Width), ("Depth", 2), ("Heads", 3), ("FeedForward", 32), ("NormEpsilon", 1e-12)],
            [("Vocabulary", 99), ("Context", 20), ("Width", Width), ("Depth", 2), ("Heads", 3), ("FeedForward", 32), ("NormEpsilon", 1e-12), ("PaddingToken", 0)], ("Embedding", 1)));
        var (m, sides) = (new ModelBuilder(isTraining: true, PartNames.Of(model)), Side.All(model));
        var (bridge, text) = (sides[1], sides[2]);
        var memory = QFormer.Pictures(m, sides[0]) with { Every = 2 };
        Value words, queries;
        Value? mask;
        using (m.Tower(text.Name, hasOutputs: false))
        {
            var o = (TextTransformerAttribute)text.Transformer;
            (words, mask) = (TextEmbedding.Sum(m, o, m.Input("ids", Shape.Of(("batch", Extent.Batch), ("length", Extent.Length)), ElementType.Integer)), TextEmbedding.Mask(m, o));
        }

        using (m.Tower(bridge.Name, hasOutputs: false))
        {
            queries = QueryTokens.Apply(m, bridge.Transformer, Queries);
            using var scope = m.Scope("embeddings");
            words = NormLayer.Apply(m, "norm", words, bridge.Transformer);
        }

        var (_, together) = QueryStack.Apply(m, "together.blocks", bridge, text, queries, memory, [new(words, mask, TextSight.Together)], []);
        var (_, apart) = QueryStack.Apply(m, "apart.blocks", bridge, text, queries, memory, [new(words, mask, TextSight.Apart)], []);
        var loss = m.Graph.Add(m.Graph.Add(Loss("queries", together[0], "whole_scale"), Loss("beside", together[1], "whole_scale")), Loss("alone", apart[1], "alone_scale"));
        m.Graph.Output("loss", loss);
        return (m.Graph.Build(), m.Parameters);

        Value Loss(string name, Value values, string scale)
        {
            m.Graph.Output(name, values);
            return m.Graph.SquaredError(values, m.Input(name + "_target", values.Shape), m.Input(scale, Shape.Scalar));
        }
    }

    private InterpreterResult Run() => KernelInterpreter.Run(_program, new InterpreterData(Batch, Length, name => _inputs[name], (parameter, layer) => _values[(parameter.Name, layer)]));

    private string Tensor(ParameterPart part, int layer) => _tensors[part.Path.Replace("{layer}", $"{layer}", StringComparison.Ordinal)];

    private static IEnumerable<int> Layers(Parameter parameter) => parameter.Run is { } run ? Enumerable.Range(run.First, run.Count) : [-1];

    private static double[] Sample(double[] values, int sample) => values.AsSpan(sample * values.Length / Batch, values.Length / Batch).ToArray();
}
