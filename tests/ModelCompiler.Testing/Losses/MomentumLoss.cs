using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

/// <summary>
/// MoCo: a small encoder, its copy that follows, and a queue. No tower of ours is such an encoder, and the reference moves its copy before a pass, where ours has moved behind the
/// step before; so it is layers and ops by themselves, and <see cref="PlainSteps"/>, which emitted models are compared with elsewhere.
/// </summary>
internal sealed class MomentumLoss : StoredLoss
{
    private const string Copy = "encoder_k.", Queue = "queue", Next = "queue_ptr";

    private readonly double _temperature;
    private readonly double _momentum;
    private readonly bool _isDeep;

    public MomentumLoss(LossFolder folder)
        : base(folder)
    {
        (_temperature, _momentum, _isDeep) = (folder.Real("T"), folder.Real("m"), folder.Flag("mlp"));
        folder.Require("K", folder.Model[Queue].Shape[1]);
        folder.Require("dim", folder.Model[Queue].Shape[0]);
        var encoder = folder.Value("encoder");
        if (encoder.GetProperty("activation").GetString() is var activation and not "tanh")
        {
            throw new NotSupportedException($"encoder.activation = {activation} (supported: tanh)");
        }

        Unformed = ["logits", "labels"];
    }

    public override string[] Frozen => ["encoder_k"];

    public override void Build(LossBuilder b)
    {
        var (q, k) = (Encoder("encoder_q", "im_q"), b.Graph.Normalize(Encoder("encoder_k", "im_k")));
        b.Graph.Output("q_before_normalisation", q);
        b.Graph.Output("k", k);
        b.Graph.Output("loss", b.Graph.KeyContrast(b.Graph.Scale(b.Graph.Normalize(q), 1 / _temperature), k, b.Mean("mean", Folder.Inputs["im_q"].Shape[0]), b.Queue(Queue, Folder.Model), ownOnly: true));

        Value Encoder(string side, string input)
        {
            using var scope = b.Model.Scope(side);
            var x = b.Graph.Tanh(Layer("body", b.Given(input)));
            return _isDeep ? Layer("fc.2", b.Graph.Relu(Layer("fc.0", x))) : Layer("fc", x);

            Value Layer(string layer, Value from) => Linear.Apply(b.Model, layer, from, Folder.Model[$"{side}.{layer}.weight"].Shape[0], true, new Initializer.Constant(0));
        }
    }

    public override void Begin(IDictionary<string, double[]> weights)
    {
        foreach (var (name, copy) in weights.Where(static w => w.Key.StartsWith(Copy, StringComparison.Ordinal)))
        {
            PlainSteps.Follow(copy, weights["encoder_q." + name[Copy.Length..]], _momentum);
        }
    }

    public override void End(IDictionary<string, double[]> weights, IReadOnlyDictionary<string, double[]> outputs)
    {
        var (width, keys) = (Folder.Model[Queue].Shape[0], Folder.Model[Queue].Shape[1]);
        var rows = Turned(weights[Queue], keys);
        weights[Next] = [PlainSteps.Push(rows, outputs["k"], width, (int)weights[Next][0])];
        weights[Queue] = Turned(rows, width);
    }

    public override IEnumerable<KeyValuePair<string, double[]>> State(IReadOnlyDictionary<string, double[]> weights) => weights.Where(static w => w.Key is Queue or Next || w.Key.StartsWith(Copy, StringComparison.Ordinal))
        .Select(static w => KeyValuePair.Create(w.Key is Queue or Next ? w.Key + "_after" : "encoder_k_after." + w.Key[Copy.Length..], w.Value));

    private static double[] Turned(double[] values, int columns)
    {
        var rows = values.Length / columns;
        return [.. Enumerable.Range(0, values.Length).Select(i => values[(i % rows * columns) + (i / rows)])];
    }
}
