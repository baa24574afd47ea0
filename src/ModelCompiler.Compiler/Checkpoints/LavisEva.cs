using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>EVA's ViT as LAVIS has it: query, key and value in one, biases of query and value alone; its last norm lies beside it and has another epsilon.</summary>
internal sealed class LavisEva : CheckpointFamily
{
    private const string ImageKey = "img_size";

    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Size("embed_dim", "Width", 1408),
        ConfigRow.Size("depth", "Depth", 39),
        ConfigRow.Size("num_heads", "Heads", 16),
        ConfigRow.Ratio("mlp_ratio", 4.3637),
        PictureSize.Row(ImageKey, 224),
        PictureSize.PatchRow("patch_size", 14),
    ];

    public override CheckpointFormat Format => CheckpointFormat.LavisBlip2;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral => ["kind"];

    public override bool Recognises(ConfigFile config) => false;

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        s.Set("Pooling", Pooling.None);
        s.Set("NormEpsilon", 1e-6);
        s.Set("FinalNormEpsilon", 1e-5);
        s.Set("Biases", Biases.All & ~Biases.Key);
        var ratio = config.Real("mlp_ratio") ?? 4.3637;
        s.FeedForward("mlp_ratio", w => w * ratio);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<VisionTransformerAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o, [.. OptionNames.Vision, nameof(o.FinalNormEpsilon)]);
        Require(p, o, nameof(o.NormEpsilon), o.NormEpsilon, 1e-6);
        Require(p, o, nameof(o.FinalNormEpsilon), o.FinalNormEpsilon, 1e-5);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.Activation), o.Activation, Activation.Gelu);
        Require(p, o, nameof(o.Channels), o.Channels, 3);
        RequireBiases(p, o, Biases.All & ~Biases.Key);
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var o = (VisionTransformerAttribute)model.Architecture;
        var size = VisionSize.Of(o);
        return
        [
            new("cls_token", "embeddings.class_token") { Stored = static s => [1, .. s] },
            new("pos_embed", "embeddings.position.weight") { Stored = static s => [1, .. s], Grid = PictureSize.Grid(ImageKey, o, antialias: false) },
            new("patch_embed.proj.weight", "embeddings.patch.weight") { Stored = s => [s[0], o.Channels, size.PatchHeight, size.PatchWidth] },
            new("patch_embed.proj.bias", "embeddings.patch.bias"),
            .. TensorRule.Both("blocks.{n}.norm1", "blocks.{n}.attention_norm"),
            new("blocks.{n}.attn.qkv.weight", TensorRule.QueryKeyValue("blocks.{n}.attention", "weight")),
            new("blocks.{n}.attn.q_bias", "blocks.{n}.attention.query.bias"),
            new("blocks.{n}.attn.v_bias", "blocks.{n}.attention.value.bias"),
            .. TensorRule.Both("blocks.{n}.attn.proj", "blocks.{n}.attention.output"),
            .. TensorRule.Both("blocks.{n}.norm2", "blocks.{n}.feed_forward_norm"),
            .. TensorRule.Both("blocks.{n}.mlp.fc1", "blocks.{n}.feed_forward.up"),
            .. TensorRule.Both("blocks.{n}.mlp.fc2", "blocks.{n}.feed_forward.down"),
        ];
    }
}
