using ModelCompiler.Compiler.Spec;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>Sizes that timm's published files name instead of writing numbers: vit_tiny_patch16_224.</summary>
internal static class TimmSizes
{
    private static readonly (string Name, int Width, int Depth, int Heads)[] s_sizes =
        [("tiny", 192, 12, 3), ("small", 384, 12, 6), ("base", 768, 12, 12), ("large", 1024, 24, 16)];

    /// <summary>What keys stand for under a published name, where the file lacks them.</summary>
    public static void SetDefaults(string architecture, ScaffoldedModel s)
    {
        if (architecture == "VisionTransformer")
        {
            return;
        }

        if (architecture.Split('_') is not ["vit", var name, var patches, var sides] || s_sizes.FirstOrDefault(x => x.Name == name) is not { Width: > 0 } size
            || !patches.StartsWith("patch", StringComparison.Ordinal) || !long.TryParse(patches.Substring("patch".Length), out var patch) || !long.TryParse(sides, out var side))
        {
            s.Fail<object>("architecture", architecture, $"VisionTransformer, vit_{{{string.Join(",", s_sizes.Select(static x => x.Name))}}}_patchP_S");
            return;
        }

        s.SetDefault("model_args.embed_dim", (long)size.Width);
        s.SetDefault("model_args.depth", (long)size.Depth);
        s.SetDefault("model_args.num_heads", (long)size.Heads);
        s.SetDefault("model_args.patch_size", patch);
        s.SetDefault("model_args.img_size", side);
    }

    /// <summary>Whether a model has the width, depth and heads of a published name.</summary>
    public static bool Has(BoundModel model) => model.Architecture is TransformerAttribute o && s_sizes.Any(x => (x.Width, x.Depth, x.Heads) == (o.Width, o.Depth, o.Heads));
}
