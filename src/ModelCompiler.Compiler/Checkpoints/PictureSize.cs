using ModelCompiler.Compiler.Layers;

namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>The size of pictures in configurations: one number, or [height, width]. It is the size that the position table was made for.</summary>
internal static class PictureSize
{
    /// <summary>The options that say it.</summary>
    public static IReadOnlyList<string> Options { get; } =
    [
        nameof(VisionTransformerAttribute.ImageSize), nameof(VisionTransformerAttribute.ImageHeight), nameof(VisionTransformerAttribute.ImageWidth), nameof(VisionTransformerAttribute.PatchSize),
        nameof(VisionTransformerAttribute.Channels), nameof(VisionTransformerAttribute.PositionRows), nameof(VisionTransformerAttribute.PositionColumns),
    ];

    public static ConfigRow Row(string key, object? @default) => new(key, static m => Of((VisionTransformerAttribute)m.Architecture), (v, s) => Set(key, v ?? @default, s)) { Default = @default ?? ConfigRow.Absent };

    private static object Of(VisionTransformerAttribute o)
    {
        var size = VisionSize.Of(o);
        var (height, width) = ((long)size.TableRows * o.PatchSize, (long)size.TableColumns * o.PatchSize);
        return height == width ? height : new object?[] { height, width };
    }

    private static void Set(string key, object? value, ScaffoldedModel s)
    {
        switch (value)
        {
            case long side:
                s.Set("ImageSize", side);
                break;
            case IReadOnlyList<object?> { Count: 2 } sides when sides[0] is long height && sides[1] is long width:
                if (height == width)
                {
                    s.Set("ImageSize", height);
                    break;
                }

                s.Set("ImageHeight", height);
                s.Set("ImageWidth", width);
                break;
            default:
                s.Fail<object>(key, value, "a number, or [height, width]");
                break;
        }
    }
}
