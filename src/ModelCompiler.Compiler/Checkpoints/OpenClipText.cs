using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>open_clip's tower of text (<c>text_cfg</c>): causal, or with every token seeing every other, padding too.</summary>
internal sealed class OpenClipText(CheckpointFormat format) : CheckpointFamily
{
    private static readonly (string Name, Pooling Pooling)[] s_poolings = [("argmax", Pooling.HighestId), ("first", Pooling.Cls), ("last", Pooling.Last), ("eos", Pooling.End)];

    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Size("context_length", "Context", 77),
        ConfigRow.Size("vocab_size", "Vocabulary", 49408),
        ConfigRow.Size("width", "Width", 512),
        ConfigRow.Size("heads", "Heads", 8),
        ConfigRow.Size("layers", "Depth", 12),
        ConfigRow.Ratio("mlp_ratio", 4),
        ConfigRow.RealOrNull("ls_init_value", static m => m.Architecture is TransformerAttribute { LayerScale: > 0 } o ? o.LayerScale : null, static (v, s) => s.Set("LayerScale", v ?? 0.0)) with { IsCompared = false },
        ConfigRow.Choice<Pooling>("pool_type", s_poolings.Select(static p => p.Name), static m => s_poolings.Where(p => p.Pooling == ((TransformerAttribute)m.Architecture).Pooling).Select(static p => p.Name).FirstOrDefault() ?? "argmax",
            static v => s_poolings.Where(p => p.Name == v).Select(static p => (Pooling?)p.Pooling).FirstOrDefault(), static (v, s) => s.Set("Pooling", v)) with { Default = "argmax" },
        ConfigRow.Integer("eos_id", static m => m.Architecture is TextTransformerAttribute { Pooling: Pooling.End } o ? (long)o.EndToken : ConfigRow.Absent) with { Default = 2L },
        ConfigRow.Flag("no_causal_mask", false, static m => m.Architecture is TransformerEncoderAttribute),
        ConfigRow.Flag("proj_bias", false, static m => m.Architecture is TransformerAttribute { Pooler: Pooler.Linear, PoolerBias: true }),
        ConfigRow.Real("norm_kwargs.eps", "NormEpsilon", 1e-5),
        ConfigRow.Fixed("embed_cls", [false]),
        ConfigRow.Fixed("proj_type", ["linear"]),
        ConfigRow.Fixed("output_tokens", [false, true]) with { IsCompared = false },
        ConfigRow.Fixed("hf_model_name", [null]),
    ];

    public override CheckpointFormat Format => format;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    // They name tokenizers, and padding is a token like any other.
    public override IReadOnlyList<string> Neutral => ["hf_tokenizer_name", "tokenizer_kwargs", "pad_id"];

    public override bool Recognises(ConfigFile config) => false;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        var isCausal = !config.Flag("no_causal_mask", false);
        s.Add(isCausal ? "TransformerDecoder" : "TransformerEncoder");
        var pooling = config.Text("pool_type");
        s.Set("AttendPadding", !isCausal || pooling == "last");
        if (pooling == "eos")
        {
            s.Set("EndToken", config.Integer("eos_id") ?? 2, "eos_id");
        }

        var ratio = config.Real("mlp_ratio") ?? 4;
        s.FeedForward("mlp_ratio", width => width * ratio);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<TextTransformerAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Text, nameof(o.EndToken), nameof(o.AttendPadding), nameof(o.LayerScale), nameof(o.Pooler), nameof(o.PoolerWidth), nameof(o.PoolerBias)]);
        Require(p, o, nameof(o.Pooling), o.Pooling, [.. s_poolings.Select(static x => x.Pooling)]);
        if (o is TransformerEncoderAttribute || o.Pooling == Pooling.Last)
        {
            Require(p, o, nameof(o.AttendPadding), o.AttendPadding, true);
        }

        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, Toggle.Auto, Toggle.On);
        RequireBiases(p, o, Biases.All);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) => OpenClipTowers.Text();
}
