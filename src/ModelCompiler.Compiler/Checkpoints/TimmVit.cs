using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>timm's VisionTransformer: query, key and value in one; registers, layer scale, norms before blocks or behind pooling.</summary>
internal sealed class TimmVit : CheckpointFamily
{
    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Written("architecture", static _ => "VisionTransformer"),
        PictureSize.Row("model_args.img_size", 224L),
        ConfigRow.Integer("model_args.patch_size", "PatchSize", 16L) with { Read = Read("PatchSize", 16L) },
        ConfigRow.Integer("model_args.in_chans", "Channels", 3L) with { Read = Read("Channels", 3L) },
        ConfigRow.Integer("model_args.embed_dim", "Width", 768L) with { Read = Read("Width", 768L) },
        ConfigRow.Integer("model_args.depth", "Depth", 12L) with { Read = Read("Depth", 12L) },
        ConfigRow.Integer("model_args.num_heads", "Heads", 12L) with { Read = Read("Heads", 12L) },
        new("model_args.mlp_ratio", static m => ConfigRow.FeedForward((TransformerAttribute)m.Architecture) / (double)((TransformerAttribute)m.Architecture).Width, static (v, s) => s.FeedForwardOf = width => (long)(width * (v is null ? 4 : Convert.ToDouble(v)))) { Default = 4.0 },
        new("model_args.num_classes", static m => (long)(m.Get<ClassificationAttribute>()?.Classes ?? 0), static (_, _) => { }) { Default = 1000L },
        new("model_args.global_pool", static m => ((TransformerAttribute)m.Architecture).Pooling switch { Pooling.Cls => "token", Pooling.Mean => "avg", _ => "" }, static (_, _) => { }) { Default = "token" },
        new("model_args.fc_norm", static m => m.Architecture is TransformerAttribute { Pooling: Pooling.Mean } o ? o.PoolNorm : ConfigRow.Absent, static (_, _) => { }) { IsCompared = false },
        new("model_args.qkv_bias", static m => ((TransformerAttribute)m.Architecture).Biases.HasFlag(Biases.Query), static (_, _) => { }) { Default = true },
        new("model_args.init_values", static m => m.Architecture is TransformerAttribute { LayerScale: > 0 } o ? o.LayerScale : null, static (v, s) => s.Set("LayerScale", v is null ? 0.0 : Convert.ToDouble(v))) { Default = null, IsCompared = false },
        new("model_args.class_token", static m => ((VisionTransformerAttribute)m.Architecture).ClassToken, static (v, s) => s.Set("ClassToken", v is not false)) { Default = true },
        new("model_args.reg_tokens", static m => (long)((VisionTransformerAttribute)m.Architecture).Registers, static (v, s) => s.Set("Registers", v ?? 0L)) { Default = 0L },
        new("model_args.no_embed_class", static m => !((VisionTransformerAttribute)m.Architecture).PrefixPositions, static (v, s) => s.Set("PrefixPositions", v is not true)) { Default = false },
        new("model_args.pre_norm", static m => ((TransformerAttribute)m.Architecture).EmbeddingNorm, static (v, s) => s.Set("EmbeddingNorm", v is true)) { Default = false },
        ConfigRow.ActivationName("model_args.act_layer", "gelu") with
        {
            Write = static m => m.Architecture is TransformerAttribute { Activation: Activation.GeluTanh } ? "gelu_tanh" : ActivationNames.Write(((TransformerAttribute)m.Architecture).Activation),
            Read = static (v, s) => s.Set("Activation", v is null ? Activation.Gelu : ActivationNames.Read($"{v}") ?? s.Fail<Activation>("model_args.act_layer", v, string.Join(", ", ActivationNames.All))),
        },
        ConfigRow.Dropout("model_args.drop_rate", 0, "HeadDropout"),
        ConfigRow.Dropout("model_args.pos_drop_rate", 0, "EmbeddingDropout"),
        ConfigRow.Dropout("model_args.proj_drop_rate", 0, "ResidualDropout"),
        ConfigRow.Dropout("model_args.attn_drop_rate", 0, "AttentionDropout"),
        ConfigRow.Written("pos_embed", static m => m.Get<FreezeAttribute>()?.Parts.Contains("embeddings.position") is true ? "fixed" : ConfigRow.Absent),
    ];

    private static readonly HashSet<string> s_arguments = [.. s_rows.Where(static r => r.Key.StartsWith("model_args.", StringComparison.Ordinal)).Select(static r => r.Key.Substring("model_args.".Length))];

    public override CheckpointFormat Format => CheckpointFormat.TimmVit;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override bool Recognises(ConfigFile config) => config.Text("architecture") is { } a && (a == "VisionTransformer" || a.StartsWith("vit_", StringComparison.Ordinal));

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        var classes = config.Integer("model_args.num_classes") ?? config.Integer("num_classes") ?? 1000;
        if (classes > 0)
        {
            s.Add("Classification");
            s.Set("Classification", "Classes", classes);
        }

        var isMean = (config.Text("model_args.global_pool") ?? config.Text("global_pool") ?? "token") switch
        {
            "token" => false,
            "avg" => true,
            var other => s.Fail<bool>("model_args.global_pool", other, "\"token\", \"avg\""),
        };
        var hasPoolNorm = isMean && config.Get("model_args.fc_norm") is not false;
        s.Set("Pooling", isMean ? Pooling.Mean : Pooling.Cls);
        s.Set("PoolNorm", hasPoolNorm);
        s.Set("FinalNorm", hasPoolNorm ? Toggle.Off : Toggle.Auto);
        var biases = Biases.All;
        biases &= config.Get("model_args.qkv_bias") is false ? ~Biases.QueryKeyValue : Biases.All;
        biases &= config.Get("model_args.pre_norm") is true ? ~Biases.Patch : Biases.All;
        s.Set("Biases", biases);
        if (config.Text("pos_embed") is { } positions && positions.StartsWith("fixed", StringComparison.Ordinal))
        {
            s.Add("Freeze");
            s.Set("Freeze", "parts", new[] { "embeddings.position" });
        }

        foreach (var key in (config.Get("model_args") as IReadOnlyDictionary<string, object?>)?.Keys.Where(static k => !s_arguments.Contains(k)) ?? [])
        {
            s.Fail<object>("model_args." + key, config.Get("model_args." + key), "none");
        }

        config.Skip(["num_classes", "num_features", "global_pool", "pretrained_cfg", "reference"]);
        Published(config.Text("architecture")!, s);
    }

    public override void Validate(BoundModel model, ProblemList p)
    {
        if (Holds<VisionTransformerAttribute>(model, p) is not { } o)
        {
            return;
        }

        RequireDefaults(p, o,
        [
            .. OptionNames.Vision,
            nameof(TransformerAttribute.EmbeddingNorm), nameof(TransformerAttribute.LayerScale), nameof(TransformerAttribute.PoolNorm),
            nameof(VisionTransformerAttribute.ClassToken), nameof(VisionTransformerAttribute.Registers), nameof(VisionTransformerAttribute.PrefixPositions),
        ]);
        Require(p, o, nameof(o.NormEpsilon), o.NormEpsilon, 1e-6);
        var biases = o.EmbeddingNorm ? Biases.All & ~Biases.Patch : Biases.All;
        RequireBiases(p, o, biases, biases & ~Biases.QueryKeyValue);
        Require(p, o, nameof(o.FinalNorm), NormLayer.IsFinal(o) ? Toggle.On : Toggle.Off, o.PoolNorm ? Toggle.Off : Toggle.On);
        if (model.Get<ClassificationAttribute>() is { } c)
        {
            Require(p, c, nameof(c.Bias), c.Bias, true);
        }
    }

    protected override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var o = (VisionTransformerAttribute)model.Architecture;
        return
        [
            new("cls_token", "embeddings.class_token") { Stored = static s => [1, .. s] },
            new("reg_token", "embeddings.registers") { Stored = static s => [1, .. s] },
            new("pos_embed", "embeddings.position.weight") { Stored = static s => [1, .. s] },
            new("patch_embed.proj.weight", "embeddings.patch.weight") { Stored = s => [s[0], o.Channels, o.PatchSize, o.PatchSize] },
            new("patch_embed.proj.bias", "embeddings.patch.bias"),
            .. Both("norm_pre", "embeddings.norm"),
            .. Both("blocks.{n}.norm1", "blocks.{n}.attention_norm"),
            new("blocks.{n}.attn.qkv.weight", "blocks.{n}.attention.query.weight", "blocks.{n}.attention.key.weight", "blocks.{n}.attention.value.weight"),
            new("blocks.{n}.attn.qkv.bias", "blocks.{n}.attention.query.bias", "blocks.{n}.attention.key.bias", "blocks.{n}.attention.value.bias"),
            .. Both("blocks.{n}.attn.proj", "blocks.{n}.attention.output"),
            new("blocks.{n}.ls1.gamma", "blocks.{n}.attention_scale"),
            .. Both("blocks.{n}.norm2", "blocks.{n}.feed_forward_norm"),
            .. Both("blocks.{n}.mlp.fc1", "blocks.{n}.feed_forward.up"),
            .. Both("blocks.{n}.mlp.fc2", "blocks.{n}.feed_forward.down"),
            new("blocks.{n}.ls2.gamma", "blocks.{n}.feed_forward_scale"),
            .. Both("norm", "final_norm"),
            .. Both("fc_norm", "pool_norm"),
            .. Both("head", "head"),
        ];

        static IEnumerable<TensorRule> Both(string theirs, string ours) => [new(theirs + ".weight", ours + ".weight"), new(theirs + ".bias", ours + ".bias")];
    }

    // Published files name a size instead of numbers: vit_tiny_patch16_224.
    private static void Published(string name, ScaffoldedModel s)
    {
        var parts = name.Split('_');
        if (parts.Length < 4)
        {
            return;
        }

        (int Width, int Depth, int Heads)? size = parts[1] switch
        {
            "tiny" => (192, 12, 3),
            "small" => (384, 12, 6),
            "base" => (768, 12, 12),
            "large" => (1024, 24, 16),
            _ => null,
        };
        if (size is null || !int.TryParse(parts[2].Replace("patch", ""), out var patch) || !int.TryParse(parts[3], out var side))
        {
            s.Fail<object>("architecture", name, "VisionTransformer, vit_{tiny,small,base,large}_patchP_S");
            return;
        }

        s.Published = () =>
        {
            s.Set("Width", size.Value.Width);
            s.Set("Depth", size.Value.Depth);
            s.Set("Heads", size.Value.Heads);
            s.Set("PatchSize", patch);
            s.Set("ImageSize", side);
        };
    }

    private static Action<object?, ScaffoldedModel> Read(string option, long @default) => (v, s) => s.Set(option, v ?? @default);
}
