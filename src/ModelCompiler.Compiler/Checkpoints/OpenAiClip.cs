using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>
/// CLIP under the names of OpenAI's own code (openai/CLIP, <c>clip/model.py</c>), whose configuration is the arguments of its class:
/// quick GELU, feed-forward parts four times as wide, a text's vector at its greatest id.
/// </summary>
internal sealed class OpenAiClip : TwoTowers
{
    // Of a head, in the published models.
    private const long HeadWidth = 64;

    private static readonly IReadOnlyList<TowerFormat> s_towers = [new("image", new ImageFormat(), "", "visual."), new("text", new TextFormat(), "", "")];

    public override CheckpointFormat Format => CheckpointFormat.OpenAiClip;

    public override IReadOnlyList<ConfigRow> Rows { get; } = [ConfigRow.Size("embed_dim", "Embedding"), ConfigRow.Written("reference", static _ => "openai/CLIP clip/model.py")];

    public override IReadOnlyList<string> Neutral => [];

    protected override IEnumerable<TensorRule> Own =>
    [
        Scalar("logit_scale", JointSpace.LogitScale),
        new("visual.proj", "image_projection.weight") { IsTransposed = true },
        new("text_projection", "text_projection.weight") { IsTransposed = true },
    ];

    // Numbers that the published archives carry beside the weights.
    protected override string[] Ignored => ["input_resolution", "context_length", "vocab_size"];

    public override bool Recognises(ConfigFile config) => config.Has("image_resolution") && config.Has("transformer_width");

    protected override IReadOnlyList<TowerFormat> Towers(BoundModel model) => s_towers;

    protected override IReadOnlyList<TowerFormat> Towers(ConfigFile config) => s_towers;

    protected override void Scaffold(ConfigFile config, CheckpointFamily family, ScaffoldedModel tower)
    {
        tower.Set("Activation", Activation.QuickGelu);
        tower.Set("NormEpsilon", 1e-5);
        if (family is TextFormat)
        {
            tower.Set("Pooling", Pooling.HighestId);
        }
    }

    protected override void Tower(CompositionAttribute c, CheckpointFamily family, TransformerAttribute o, ProblemList p)
    {
        Require(p, o, nameof(o.Pooler), o.Pooler, Pooler.None);
        Require(p, o, nameof(o.Activation), o.Activation, Activation.QuickGelu);
        Require(p, o, nameof(o.NormEpsilon), o.NormEpsilon, 1e-5);
        Require(p, o, nameof(o.FeedForward), ConfigRow.FeedForward(o), 4 * o.Width);
        if (family is TextFormat)
        {
            Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.HighestId);
        }
    }

    private static ConfigRow Heads(string key) => ConfigRow.Size(key, "Heads") with { IsImplied = static m => m.Architecture is TransformerAttribute o && o.Heads * HeadWidth == o.Width };

    private static void DefaultHeads(ConfigFile config, string width, string heads, ScaffoldedModel s) => s.SetDefault(heads, Math.Max(1, (config.Integer(width) ?? 0) / HeadWidth));

    private sealed class ImageFormat() : HuggingFaceClipVision(CheckpointFormat.OpenAiClip)
    {
        public override IReadOnlyList<ConfigRow> Rows { get; } =
        [
            PictureSize.Row("image_resolution", 224),
            PictureSize.PatchRow("vision_patch_size", 32),
            ConfigRow.Size("vision_width", "Width"),
            ConfigRow.Size("vision_layers", "Depth"),
            Heads("vision_heads"),
        ];

        public override IReadOnlyList<string> Neutral => [];

        public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
        {
            base.Scaffold(config, tensors, s);
            DefaultHeads(config, "vision_width", "vision_heads", s);
        }

        public override IEnumerable<TensorRule> Tensors(BoundModel model) => OpenClipTowers.Image((VisionTransformerAttribute)model.Architecture);
    }

    private sealed class TextFormat() : HuggingFaceClipText(CheckpointFormat.OpenAiClip)
    {
        public override IReadOnlyList<ConfigRow> Rows { get; } =
        [
            ConfigRow.Size("vocab_size", "Vocabulary", 49408),
            ConfigRow.Size("context_length", "Context", 77),
            ConfigRow.Size("transformer_width", "Width"),
            ConfigRow.Size("transformer_layers", "Depth", 12),
            Heads("transformer_heads"),
        ];

        public override IReadOnlyList<string> Neutral => [];

        public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
        {
            base.Scaffold(config, tensors, s);
            DefaultHeads(config, "transformer_width", "transformer_heads", s);
        }

        public override IEnumerable<TensorRule> Tensors(BoundModel model) => OpenClipTowers.Text();
    }
}
