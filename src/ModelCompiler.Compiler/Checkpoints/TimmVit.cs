using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>timm's VisionTransformer: query, key and value in one; registers, layer scale, norms of queries and keys, norms before blocks or behind pooling.</summary>
internal sealed class TimmVit : CheckpointFamily
{
    private const string ImageKey = "model_args.img_size";
    private const Biases Projections = Biases.Output | Biases.Up | Biases.Down;

    private static readonly IReadOnlyList<ConfigRow> s_rows =
    [
        ConfigRow.Written("architecture", static _ => "VisionTransformer"),
        PictureSize.Row(ImageKey, 224) with { IsImplied = TimmSizes.Has },
        PictureSize.PatchRow("model_args.patch_size", 16) with { IsImplied = TimmSizes.Has },
        ConfigRow.Size("model_args.in_chans", "Channels", 3),
        ConfigRow.Size("model_args.embed_dim", "Width", 768) with { IsImplied = TimmSizes.Has },
        ConfigRow.Size("model_args.depth", "Depth", 12) with { IsImplied = TimmSizes.Has },
        ConfigRow.Size("model_args.num_heads", "Heads", 12) with { IsImplied = TimmSizes.Has },
        ConfigRow.Ratio("model_args.mlp_ratio", 4),
        ConfigRow.Integer("model_args.num_classes", static m => (long)(m.Get<ClassificationAttribute>()?.Classes ?? 0)) with { Default = 1000L, Fallback = "num_classes" },
        ConfigRow.Text("model_args.global_pool", static m => s_poolings.Where(p => p.Pooling == ((TransformerAttribute)m.Architecture).Pooling).Select(static p => p.Name).FirstOrDefault() ?? "") with { Default = "token", Fallback = "global_pool" },
        ConfigRow.FlagOrNull("model_args.fc_norm", static m => HasNorm(m) ? ((TransformerAttribute)m.Architecture).PoolNorm : ConfigRow.Absent) with
        {
            Synonyms = static m => HasUsualNorm(m) ? [null] : [],
            IsImplied = HasUsualNorm,
            IsWritten = static m => m.Architecture is TransformerAttribute { Pooling: Pooling.Mean } or TransformerAttribute { PoolNorm: true },
        },
        Recent("model_args.final_norm", true, HasNorm),
        ConfigRow.Flag("model_args.qkv_bias", true, static m => ((TransformerAttribute)m.Architecture).Biases.HasFlag(Biases.Query)),
        Recent("model_args.proj_bias", true, static m => ((TransformerAttribute)m.Architecture).Biases.HasFlag(Biases.Output)),
        Recent("model_args.qk_norm", false, static m => ((TransformerAttribute)m.Architecture).QueryKeyNorm, static (v, s) => s.Set("QueryKeyNorm", v)),
        ConfigRow.RealOrNull("model_args.init_values", static m => m.Architecture is TransformerAttribute { LayerScale: > 0 } o ? o.LayerScale : null, static (v, s) => s.Set("LayerScale", v ?? 0.0)) with { IsCompared = false },
        ConfigRow.Flag("model_args.class_token", true, static m => ((VisionTransformerAttribute)m.Architecture).ClassToken, static (v, s) => s.Set("ClassToken", v)),
        ConfigRow.Integer("model_args.reg_tokens", "Registers", 0),
        ConfigRow.Flag("model_args.no_embed_class", false, static m => !((VisionTransformerAttribute)m.Architecture).PrefixPositions, static (v, s) => s.Set("PrefixPositions", !v)),
        ConfigRow.Flag("model_args.pre_norm", false, static m => ((TransformerAttribute)m.Architecture).EmbeddingNorm, static (v, s) => s.Set("EmbeddingNorm", v)),
        ConfigRow.ActivationName("model_args.act_layer", "gelu", orNull: true) with
        {
            Write = static m => m.Architecture is TransformerAttribute { Activation: Activation.GeluTanh } ? "gelu_tanh" : ActivationNames.Write(((TransformerAttribute)m.Architecture).Activation),
        },
        ConfigRow.Dropout("model_args.drop_rate", 0, "HeadDropout"),
        ConfigRow.Dropout("model_args.pos_drop_rate", 0, "EmbeddingDropout"),
        ConfigRow.Dropout("model_args.proj_drop_rate", 0, "ResidualDropout"),
        ConfigRow.Dropout("model_args.attn_drop_rate", 0, "AttentionDropout"),
        ConfigRow.Fixed("model_args.drop_path_rate", [0.0]) with { IsCompared = false },
        ConfigRow.Fixed("model_args.patch_drop_rate", [0.0]) with { IsCompared = false },
        ConfigRow.Fixed("model_args.weight_init", ["", "skip", "reset", "jax", "jax_nlhb", "moco"]) with { IsCompared = false },
        ConfigRow.Fixed("model_args.fix_init", [false, true]) with { IsCompared = false },
        ConfigRow.Fixed("model_args.pos_embed", ["learn"]),
        ConfigRow.Fixed("model_args.scale_attn_norm", [false]),
        ConfigRow.Fixed("model_args.scale_mlp_norm", [false]),
        ConfigRow.Fixed("model_args.pool_include_prefix", [false]),
        ConfigRow.Fixed("model_args.dynamic_img_size", [false]),
        ConfigRow.Fixed("model_args.dynamic_img_pad", [false]),
        ConfigRow.Fixed("model_args.embed_norm_layer", [null]),
        ConfigRow.Fixed("model_args.norm_layer", [null, "layernorm"]),
        ConfigRow.Fixed("model_args.attn_layer", ["", "attn"]),
        ConfigRow.Choice("pos_embed", ["learn", "fixed"], static m => m.Get<FreezeAttribute>()?.Parts.Contains("embeddings.position") is true ? "fixed" : ConfigRow.Absent, Positions, static (isFixed, s) =>
        {
            if (isFixed)
            {
                s.Add("Freeze");
                s.Set("Freeze", "parts", new[] { "embeddings.position" }, null);
            }
        }) with { Default = "learn", IsCompared = false },
    ];

    private static readonly (string Name, Pooling Pooling)[] s_poolings = [("token", Pooling.Cls), ("avg", Pooling.Mean), ("", Pooling.None)];

    public override CheckpointFormat Format => CheckpointFormat.TimmVit;

    public override IReadOnlyList<ConfigRow> Rows => s_rows;

    public override IReadOnlyList<string> Neutral { get; } = ["num_classes", "num_features", "global_pool", "pretrained_cfg", "label_names", "label_descriptions", "reference"];

    public override bool Recognises(ConfigFile config) => config.Text("architecture") is { } a && (a == "VisionTransformer" || a.StartsWith("vit_", StringComparison.Ordinal));

    public override void Scaffold(ConfigFile config, IReadOnlyCollection<string> tensors, ScaffoldedModel s)
    {
        s.Add("VisionTransformer");
        TimmSizes.SetDefaults(config.Text("architecture")!, s);
        var inside = config.Integer("model_args.num_classes");
        var classes = inside ?? config.Integer("num_classes") ?? 1000;
        if (classes != 0)
        {
            s.Add("Classification");
            s.Set("Classification", "Classes", classes, inside is null ? "num_classes" : "model_args.num_classes");
        }

        Pool(config, s);
        var ratio = config.Real("model_args.mlp_ratio") ?? 4;
        s.FeedForward("model_args.mlp_ratio", width => width * ratio);
        var biases = Biases.All;
        biases &= config.Flag("model_args.qkv_bias", true) ? Biases.All : ~Biases.QueryKeyValue;
        biases &= config.Flag("model_args.proj_bias", true) ? Biases.All : ~Projections;
        biases &= config.Flag("model_args.pre_norm", false) ? ~Biases.Patch : Biases.All;
        s.Set("Biases", biases);
        foreach (var key in config.Keys("model_args") ?? [])
        {
            if (s_rows.All(r => r.Key != "model_args." + key))
            {
                config.Fail($"model_args.{key} = {ConfigFile.Json(config.Get("model_args." + key))} (no counterpart)");
            }
        }
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
            nameof(TransformerAttribute.EmbeddingNorm), nameof(TransformerAttribute.LayerScale), nameof(TransformerAttribute.PoolNorm), nameof(TransformerAttribute.QueryKeyNorm),
            nameof(VisionTransformerAttribute.ClassToken), nameof(VisionTransformerAttribute.Registers), nameof(VisionTransformerAttribute.PrefixPositions),
        ]);
        Require(p, o, nameof(o.NormEpsilon), o.NormEpsilon, 1e-6);
        Require(p, o, nameof(o.Pooling), o.Pooling, [.. s_poolings.Select(static x => x.Pooling)]);
        var biases = o.EmbeddingNorm ? Biases.All & ~Biases.Patch : Biases.All;
        RequireBiases(p, o, biases, biases & ~Biases.QueryKeyValue, biases & ~Projections, biases & ~Projections & ~Biases.QueryKeyValue);
        if (o.PoolNorm)
        {
            Require(p, o, nameof(o.FinalNorm), NormLayer.IsFinal(o) ? Toggle.On : Toggle.Off, Toggle.Off);
        }

        if (model.Get<ClassificationAttribute>() is { } c)
        {
            Require(p, c, nameof(c.Bias), c.Bias, true);
        }
    }

    public override IEnumerable<TensorRule> Tensors(BoundModel model)
    {
        var o = (VisionTransformerAttribute)model.Architecture;
        var size = VisionSize.Of(o);
        return
        [
            new("cls_token", "embeddings.class_token") { Stored = static s => [1, .. s] },
            new("reg_token", "embeddings.registers") { Stored = static s => [1, .. s] },
            new("pos_embed", "embeddings.position.weight") { Stored = static s => [1, .. s], Grid = PictureSize.Grid(ImageKey, o, antialias: true) },
            new("patch_embed.proj.weight", "embeddings.patch.weight") { Stored = s => [s[0], o.Channels, size.PatchHeight, size.PatchWidth] },
            new("patch_embed.proj.bias", "embeddings.patch.bias"),
            .. TensorRule.Both("norm_pre", "embeddings.norm"),
            .. TensorRule.Both("blocks.{n}.norm1", "blocks.{n}.attention_norm"),
            new("blocks.{n}.attn.qkv.weight", "blocks.{n}.attention.query.weight", "blocks.{n}.attention.key.weight", "blocks.{n}.attention.value.weight"),
            new("blocks.{n}.attn.qkv.bias", "blocks.{n}.attention.query.bias", "blocks.{n}.attention.key.bias", "blocks.{n}.attention.value.bias"),
            .. TensorRule.Both("blocks.{n}.attn.q_norm", "blocks.{n}.attention.query_norm"),
            .. TensorRule.Both("blocks.{n}.attn.k_norm", "blocks.{n}.attention.key_norm"),
            .. TensorRule.Both("blocks.{n}.attn.proj", "blocks.{n}.attention.output"),
            new("blocks.{n}.ls1.gamma", "blocks.{n}.attention_scale"),
            .. TensorRule.Both("blocks.{n}.norm2", "blocks.{n}.feed_forward_norm"),
            .. TensorRule.Both("blocks.{n}.mlp.fc1", "blocks.{n}.feed_forward.up"),
            .. TensorRule.Both("blocks.{n}.mlp.fc2", "blocks.{n}.feed_forward.down"),
            new("blocks.{n}.ls2.gamma", "blocks.{n}.feed_forward_scale"),
            .. TensorRule.Both("norm", "final_norm"),
            .. TensorRule.Both("fc_norm", "pool_norm"),
            .. TensorRule.Both("head", "head"),
        ];
    }

    // fc_norm moves the final norm behind pooling; where the file does not say, means have it there. final_norm leaves out either.
    private static void Pool(ConfigFile config, ScaffoldedModel s)
    {
        var key = config.Has("model_args.global_pool") || !config.Has("global_pool") ? "model_args.global_pool" : "global_pool";
        var name = config.Text(key) ?? "token";
        var pooling = s_poolings.Where(p => p.Name == name).Select(static p => (Pooling?)p.Pooling).FirstOrDefault()
            ?? s.Fail<Pooling>(key, name, string.Join(", ", s_poolings.Select(static p => ConfigFile.Json(p.Name))));
        var hasNorm = config.Flag("model_args.final_norm", true);
        var isBehind = config.Flag("model_args.fc_norm") ?? pooling == Pooling.Mean;
        s.Set("Pooling", pooling, key);
        s.Set("PoolNorm", hasNorm && isBehind, "model_args.fc_norm");
        s.Set("FinalNorm", hasNorm && !isBehind ? Toggle.Auto : Toggle.Off, "model_args.final_norm");
    }

    private static bool? Positions(string text) => text == "learn" ? false : text.StartsWith("fixed", StringComparison.Ordinal) ? true : null;

    private static bool HasNorm(BoundModel model) => model.Architecture is TransformerAttribute o && (o.PoolNorm || NormLayer.IsFinal(o));

    private static bool HasUsualNorm(BoundModel model) => model.Architecture is TransformerAttribute o && o.PoolNorm == (o.Pooling == Pooling.Mean);

    // Older versions of timm do not know the key: it is written where it says something.
    private static ConfigRow Recent(string key, bool usual, Func<BoundModel, bool> value, Action<bool, ScaffoldedModel>? read = null) =>
        ConfigRow.Flag(key, usual, m => value(m), read) with { IsWritten = m => value(m) != usual };
}
