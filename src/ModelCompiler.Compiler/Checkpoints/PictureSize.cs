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

    /// <summary>The grid of a model's table. Null: the table keeps a size of its own, because the model resizes it.</summary>
    /// <param name="key">Key of the row of pictures.</param>
    public static StoredGrid? Grid(string key, VisionTransformerAttribute o, bool antialias) => o.PositionRows != 0 || o.PositionColumns != 0 ? null
        : VisionSize.Of(o) is var s ? new StoredGrid(key, s.Rows, s.Columns, s.PatchHeight, s.PatchWidth, o.PrefixPositions ? s.Prefix : 0, antialias) : null;

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
