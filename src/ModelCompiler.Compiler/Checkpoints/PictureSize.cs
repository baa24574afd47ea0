using ModelCompiler.Compiler.Layers;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>The sizes of pictures and patches in configurations: one number, or [height, width]. A picture's is the size that the position table was made for.</summary>
internal static class PictureSize
{
    /// <summary>The options that say it.</summary>
    public static IReadOnlyList<string> Options { get; } =
    [
        nameof(VisionTransformerAttribute.ImageSize), nameof(VisionTransformerAttribute.ImageHeight), nameof(VisionTransformerAttribute.ImageWidth),
        nameof(VisionTransformerAttribute.PatchSize), nameof(VisionTransformerAttribute.PatchHeight), nameof(VisionTransformerAttribute.PatchWidth),
        nameof(VisionTransformerAttribute.Channels), nameof(VisionTransformerAttribute.PositionRows), nameof(VisionTransformerAttribute.PositionColumns),
    ];

    public static ConfigRow Row(string key, long @default) => Row(key, @default, "Image", static s => ((long)s.TableRows * s.PatchHeight, (long)s.TableColumns * s.PatchWidth));

    public static ConfigRow PatchRow(string key, long @default) => Row(key, @default, "Patch", static s => (s.PatchHeight, s.PatchWidth));

    private static ConfigRow Row(string key, long @default, string what, Func<VisionSize, (long Height, long Width)> sides) =>
        ConfigRow.Sides(key, @default, m => sides(VisionSize.Of((VisionTransformerAttribute)m.Architecture)), (height, width, s) =>
        {
            if (height == width)
            {
                s.Set(what + "Size", height);
            }
            else
            {
                s.Set(what + "Height", height);
                s.Set(what + "Width", width);
            }
        });
}
