using ModelCompiler.Compiler.Layers;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>What the towers of OpenAI's CLIP and of open_clip share: the names of blocks, with query, key and value in one.</summary>
internal static class OpenClipTowers
{
    public static IEnumerable<TensorRule> Image(VisionTransformerAttribute o) =>
    [
        new("class_embedding", "embeddings.class_token") { Stored = static s => [s[1]] },
        new("positional_embedding", "embeddings.position.weight"),
        new("conv1.weight", "embeddings.patch.weight") { Stored = s => [s[0], o.Channels, VisionSize.Of(o).PatchHeight, VisionSize.Of(o).PatchWidth] },
        .. TensorRule.Both("ln_pre", "embeddings.norm"),
        .. Blocks(),
        .. TensorRule.Both("ln_post", o.PoolNorm ? "pool_norm" : "final_norm"),
        new("proj", "pool_projection.weight") { IsTransposed = true },
    ];

    public static IEnumerable<TensorRule> Text() =>
    [
        new("positional_embedding", "embeddings.position.weight"),
        new("token_embedding.weight", "embeddings.token.weight"),
        .. Blocks(),
        .. TensorRule.Both("ln_final", "final_norm"),
        .. TensorRule.Both("text_projection", "pool_projection"),
    ];

    private static IEnumerable<TensorRule> Blocks() =>
    [
        .. TensorRule.Both("transformer.resblocks.{n}.ln_1", "blocks.{n}.attention_norm"),
        InProjection("weight"),
        InProjection("bias"),
        .. TensorRule.Both("transformer.resblocks.{n}.attn.out_proj", "blocks.{n}.attention.output"),
        new("transformer.resblocks.{n}.ls_1.gamma", "blocks.{n}.attention_scale"),
        .. TensorRule.Both("transformer.resblocks.{n}.ln_2", "blocks.{n}.feed_forward_norm"),
        .. TensorRule.Both("transformer.resblocks.{n}.mlp.c_fc", "blocks.{n}.feed_forward.up"),
        .. TensorRule.Both("transformer.resblocks.{n}.mlp.c_proj", "blocks.{n}.feed_forward.down"),
        new("transformer.resblocks.{n}.ls_2.gamma", "blocks.{n}.feed_forward_scale"),
    ];

    private static TensorRule InProjection(string what) =>
        new($"transformer.resblocks.{{n}}.attn.in_proj_{what}", TensorRule.QueryKeyValue("blocks.{n}.attention", what));
}
