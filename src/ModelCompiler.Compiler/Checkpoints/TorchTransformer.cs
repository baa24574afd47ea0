using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>
/// PyTorch's <c>torch.nn.Transformer</c> (Vaswani et al. 2017) under a name, with one embedding for both sides and the head beside it: <c>embedding.weight</c>,
/// <c>transformer.*</c>. Embeddings are scaled, positions are sinusoids.
/// </summary>
internal sealed class TorchTransformer : EncoderDecoderFamily
{
    private const string Table = "embeddings.token";

    private static readonly IReadOnlyList<TowerFormat> s_towers = [.. new[] { "encoder", "decoder" }.Select(static side => new TowerFormat(side, new Stack(side), "", $"transformer.{side}."))];

    public override CheckpointFormat Format => CheckpointFormat.TorchTransformer;

    public override IReadOnlyList<ConfigRow> Rows { get; } =
    [
        ConfigRow.Fixed("model_type", "transformer"),
        ConfigRow.Written("reference", static _ => "torch.nn.Transformer (pytorch/pytorch)"),
        ConfigRow.Real("label_smoothing", static m => m.Get<CausalLanguageModelAttribute>()?.LabelSmoothing ?? 0, static (v, s) => s.Set("CausalLanguageModel", "LabelSmoothing", v, null)) with { Default = 0.0, IsCompared = false },
    ];

    public override IReadOnlyList<string> Neutral => ["bos_token_id", "eos_token_id", "reference"];

    protected override IEnumerable<TensorRule> Own => [new("embedding.weight", $"encoder.{Table}.weight")];

    public override bool Recognises(ConfigFile config) => config.Text("model_type") == "transformer" && config.Has("nhead");

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => s_towers;

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config) => s_towers;

    protected override void Objective(ConfigFile config, ScaffoldedModel s)
    {
        base.Objective(config, s);
        ShareTable(s, Table);
    }

    protected override void Options(BoundModel model, EncoderDecoderAttribute<object, object> o, ProblemList p)
    {
        RequireOneTable(model, o, Table, hasBias: false, p);
        RequireOne(model, static t => t.Heads, nameof(TransformerAttribute.Heads), p);
        RequireOne(model, static t => ConfigRow.FeedForward(t), nameof(TransformerAttribute.FeedForward), p);
        RequireOne(model, static t => t.Activation, nameof(TransformerAttribute.Activation), p);
        RequireOne(model, static t => t.NormPlacement, nameof(TransformerAttribute.NormPlacement), p);
        RequireOne(model, static t => t.NormEpsilon, nameof(TransformerAttribute.NormEpsilon), p);
        RequireOne(model, static t => t.FinalNorm, nameof(TransformerAttribute.FinalNorm), p);
        RequireOne(model, static t => t.Biases, nameof(TransformerAttribute.Biases), p);
        RequireOne(model, static t => t.PaddingToken, nameof(TextTransformerAttribute.PaddingToken), p);
    }

    private sealed class Stack(string side) : CheckpointFamily
    {
        private const long Context = 512;

        private readonly bool _isEncoder = side == "encoder";

        public override CheckpointFormat Format => CheckpointFormat.TorchTransformer;

        // The file says nothing of lengths: sinusoids have no end.
        public override IReadOnlyList<ConfigRow> Rows =>
        [
            ConfigRow.Size($"num_{side}_layers", "Depth", 6),
            .. new[]
            {
                ConfigRow.Size("vocab_size", "Vocabulary"),
                ConfigRow.Size("d_model", "Width", 512),
                ConfigRow.Size("nhead", "Heads", 8),
                ConfigRow.FeedForward("dim_feedforward", 2048),
                ConfigRow.ActivationName("activation", "relu"),
                ConfigRow.Real("layer_norm_eps", "NormEpsilon", 1e-5),
                ConfigRow.Flag("norm_first", false, static m => ((TransformerAttribute)m.Architecture).NormPlacement == NormPlacement.Pre, static (v, s) => s.Set("NormPlacement", v ? NormPlacement.Pre : NormPlacement.Post)),
                ConfigRow.Flag("final_norms", true, static m => Layers.NormLayer.IsFinal((TransformerAttribute)m.Architecture), static (v, s) => s.Set("FinalNorm", v ? Toggle.On : Toggle.Off)),
                ConfigRow.Flag("bias", true, static m => ((TransformerAttribute)m.Architecture).Biases.HasFlag(Biases.Up), static (v, s) => s.Set("Biases", v ? Biases.All : Biases.None)),
                ConfigRow.Dropout("dropout", 0, "EmbeddingDropout", "AttentionDropout", "ResidualDropout"),
                ConfigRow.Padding(learns: false),
                ConfigRow.Size("context", "Context", Context) with { IsCompared = false },
            }.Select(r => _isEncoder ? r : r with { IsWritten = static _ => false }),
        ];

        public override IReadOnlyList<string> Neutral => [];

        public override bool Recognises(ConfigFile config) => false;

        public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
        {
            s.Add(_isEncoder ? "TransformerEncoder" : "TransformerDecoder");
            s.Set("ScaleEmbeddings", true);
            s.Set("Positions", Positions.Sinusoidal);
        }

        public override void Validate(BoundModel model, ProblemList p)
        {
            if (Holds<TextTransformerAttribute>(model, p) is not { } o)
            {
                return;
            }

            RequireDefaults(p, o, [.. OptionNames.Text, nameof(o.NormPlacement), nameof(o.Positions), nameof(o.ScaleEmbeddings)]);
            Require(p, o, nameof(o.Positions), o.Positions, Positions.Sinusoidal);
            Require(p, o, nameof(o.ScaleEmbeddings), o.ScaleEmbeddings, true);
            Require(p, o, nameof(o.LearnPadding), o.LearnPadding, o.PaddingToken < 0 ? [Toggle.Auto, Toggle.On] : _isEncoder ? [Toggle.Auto, Toggle.Off] : [Toggle.Off]);
            RequireBiases(p, o, Biases.All, Biases.None);
        }

        public override IEnumerable<TensorRule> Tensors(BoundModel model) =>
        [
            .. Attention("self_attn", "attention"),
            .. Attention("multihead_attn", "cross_attention"),
            .. Layer("linear1", "feed_forward.up"),
            .. Layer("linear2", "feed_forward.down"),
            .. Layer("norm1", "attention_norm"),
            .. Layer(_isEncoder ? "norm2" : "norm3", "feed_forward_norm"),
            .. _isEncoder ? [] : Layer("norm2", "cross_attention_norm"),
            new("norm.weight", "final_norm.weight"),
            new("norm.bias", "final_norm.bias"),
        ];

        private static IEnumerable<TensorRule> Attention(string theirs, string ours) =>
        [
            .. new[] { "weight", "bias" }.Select(what => new TensorRule($"layers.{{n}}.{theirs}.in_proj_{what}", TensorRule.QueryKeyValue($"blocks.{{n}}.{ours}", what))),
            .. Layer($"{theirs}.out_proj", $"{ours}.output"),
        ];

        private static IEnumerable<TensorRule> Layer(string theirs, string ours) => TensorRule.Both($"layers.{{n}}.{theirs}", $"blocks.{{n}}.{ours}");
    }
}
