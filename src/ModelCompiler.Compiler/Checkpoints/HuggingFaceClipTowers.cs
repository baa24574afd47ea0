using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What CLIP's formats share: the configuration, the tensors and the rules of each tower, in a model of two or alone.</summary>
internal abstract class HuggingFaceClipTowers : HuggingFaceTowers
{
    // transformers took 2 for every end token once: such files mean the greatest id of a row.
    private const long HighestId = 2;

    protected override string[] Ignored => ["*.position_ids"];

    /// <summary>The rows of the tower of pictures.</summary>
    /// <param name="at">What keys begin with.</param>
    protected static IReadOnlyList<ConfigRow> ImageRows(string at) =>
    [
        .. Tower(at, width: 768, heads: 12, feedForward: 3072, "quick_gelu", 1e-5),
        PictureSize.Row(at + "image_size", 224),
        PictureSize.PatchRow(at + "patch_size", 32),
        ConfigRow.Size(at + "num_channels", "Channels", 3),
    ];

    /// <summary>The rows of the tower of text.</summary>
    /// <inheritdoc cref="ImageRows"/>
    protected static IReadOnlyList<ConfigRow> TextRows(string at) =>
    [
        .. Tower(at, width: 512, heads: 8, feedForward: 2048, "quick_gelu", 1e-5),
        ConfigRow.Size(at + "vocab_size", "Vocabulary", 49408),
        ConfigRow.Size(at + "max_position_embeddings", "Context", 77),
        ConfigRow.Size(at + "eos_token_id", static m => m.Architecture is TextTransformerAttribute { Pooling: Pooling.End } o ? (long)o.EndToken : HighestId, static (v, s) =>
        {
            s.Set("Pooling", v == HighestId ? Pooling.HighestId : Pooling.End);
            s.Set("EndToken", v == HighestId ? -1L : v);
        }) with { Default = 49407L },
    ];

    /// <summary>Sets what no key says of the tower of pictures.</summary>
    protected static void ScaffoldImage(ScaffoldedModel image)
    {
        image.Set("EmbeddingNorm", true);
        image.Set("PoolNorm", true);
        image.Set("FinalNorm", Toggle.Off);
        image.Set("Biases", Biases.All & ~Biases.Patch);
    }

    /// <param name="ours">What our names of the tower begin with.</param>
    protected static IEnumerable<TensorRule> ImageTensors(string ours, VisionTransformerAttribute o) =>
    [
        new("vision_model.embeddings.class_embedding", ours + "embeddings.class_token") { Stored = static s => [s[1]] },
        new("vision_model.embeddings.patch_embedding.weight", ours + "embeddings.patch.weight") { Stored = s => [s[0], o.Channels, VisionSize.Of(o).PatchHeight, VisionSize.Of(o).PatchWidth] },
        new("vision_model.embeddings.position_embedding.weight", ours + "embeddings.position.weight"),
        .. Both("vision_model.pre_layrnorm", ours + "embeddings.norm"),
        .. Blocks("vision_model.", ours),
        .. Both("vision_model.post_layernorm", ours + "pool_norm"),
    ];

    /// <inheritdoc cref="ImageTensors"/>
    protected static IEnumerable<TensorRule> TextTensors(string ours) =>
    [
        new("text_model.embeddings.token_embedding.weight", ours + "embeddings.token.weight"),
        new("text_model.embeddings.position_embedding.weight", ours + "embeddings.position.weight"),
        .. Blocks("text_model.", ours),
        .. Both("text_model.final_layer_norm", ours + "final_norm"),
    ];

    /// <summary>Adds what the format cannot hold of a tower of pictures.</summary>
    /// <param name="expressed">Options that the format has a place for besides the tower's own.</param>
    protected void Image(ProblemList p, VisionTransformerAttribute o, params string[] expressed)
    {
        RequireDefaults(p, o, [.. OptionNames.Vision, nameof(o.EmbeddingNorm), nameof(o.PoolNorm), .. expressed]);
        Require(p, o, nameof(o.EmbeddingNorm), o.EmbeddingNorm, true);
        Require(p, o, nameof(o.PoolNorm), o.PoolNorm, true);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Off);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.Cls);
        Require(p, o, nameof(o.PositionRows), o.PositionRows, 0);
        Require(p, o, nameof(o.PositionColumns), o.PositionColumns, 0);
        RequireBiases(p, o, Biases.All & ~Biases.Patch);
    }

    /// <summary>Adds what the format cannot hold of a tower of text.</summary>
    /// <inheritdoc cref="Image"/>
    protected void Text(ProblemList p, TextTransformerAttribute o, params string[] expressed)
    {
        RequireDefaults(p, o, [.. OptionNames.Text, nameof(o.EndToken), .. expressed]);
        Require(p, o, nameof(o.FinalNorm), o.FinalNorm, Toggle.Auto, Toggle.On);
        Require(p, o, nameof(o.Pooling), o.Pooling, Pooling.End, Pooling.HighestId);
        if (o.EndToken == HighestId)
        {
            p.Add(Rules.FormatCannotExpress, o, nameof(o.EndToken), $"EndToken is {HighestId}, which {Format} checkpoints take for the greatest id of a row: change it, or store the model as CheckpointFormat.Native");
        }

        Require(p, o, nameof(o.LearnPadding), o.LearnPadding, Toggle.Auto, Toggle.On);
        RequireBiases(p, o, Biases.All);
    }
}
