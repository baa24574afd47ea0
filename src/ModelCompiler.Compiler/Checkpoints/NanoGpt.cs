using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>nanoGPT's GPT: GPT-2's names with linear layouts, all biases or none, the exact GELU.</summary>
internal sealed class NanoGpt : HuggingFaceGpt2
{
    private const Biases Blocks = Biases.All & ~Biases.Patch & ~Biases.Gate;

    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Size("n_layer", "Depth"),
        ConfigRow.Size("n_head", "Heads"),
        ConfigRow.Size("n_embd", "Width"),
        ConfigRow.Size("block_size", "Context"),
        ConfigRow.Size("vocab_size", "Vocabulary"),
        ConfigRow.Flag("bias", static m => (((TransformerAttribute)m.Architecture).Biases & Blocks) == Blocks, static (v, s) => s.Set("Biases", v ? Biases.All : Biases.None)),
        ConfigRow.Dropout("dropout", 0, "EmbeddingDropout", "ResidualDropout", "AttentionDropout"),
        ConfigRow.Written("reference", static _ => "karpathy/nanoGPT model.py"),
    ];

    public override CheckpointFormat Format => CheckpointFormat.NanoGpt;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    protected override string[] OptionalPrefixes => ["_orig_mod."];

    public override bool Recognises(ConfigFile config) => config.Has("block_size") && config.Has("n_embd");

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("TransformerDecoder");
        s.Add("CausalLanguageModel");
        s.Set("Initialization", Initialization.ScaledNormal);
    }

    protected override void Options(BoundModel model, TransformerDecoderAttribute o, ProblemList p)
    {
        RequireBiases(p, o, Biases.All, Biases.None);
        Require(p, o, nameof(o.AttentionScale), o.AttentionScale, AttentionScale.HeadWidth);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.None);
        Require(p, o, nameof(o.Activation), o.Activation, Activation.Gelu);
        Require(p, o, nameof(o.NormEpsilon), o.NormEpsilon, 1e-5);
        Require(p, o, nameof(o.FeedForward), ConfigRow.FeedForward(o), 4 * o.Width);
        if (model.Get<CausalLanguageModelAttribute>() is { } l)
        {
            Require(p, l, nameof(l.Bias), l.Bias, false);
            Require(p, l, nameof(l.Tied), l.Tied, true);
        }
        else
        {
            p.Add(Rules.FormatCannotExpress, model.Get<CheckpointAttribute>()!, "format", "NanoGpt checkpoints are causal language models: add [CausalLanguageModel] or use another format");
        }
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model) => Tensors(model, isTransposed: false);
}
