using SkiaSharp;

namespace ModelCompiler.Benchmarks.Pictures;

/// <summary>The other side: SkiaSharp's own decoder and resizing, as its users call them.</summary>
internal static class SkiaPictures
{
    private const int Quality = 90;

    /// <summary>Neither of them widens where a picture shrinks, in Skia.</summary>
    public static SKSamplingOptions Cubic { get; } = new(SKCubicResampler.CatmullRom);

    /// <inheritdoc cref="Cubic"/>
    public static SKSamplingOptions Bilinear { get; } = new(SKFilterMode.Linear);

    public static void DecodeAndResize(byte[] bytes, int size, SKSamplingOptions sampling)
    {
        using var picture = SKBitmap.Decode(bytes);
        using var resized = picture.Resize(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque), sampling);
    }

    /// <summary>The same picture as a baseline JPEG.</summary>
    public static byte[] ToJpeg(byte[] bytes)
    {
        using var picture = SKBitmap.Decode(bytes);
        using var data = picture.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }
}
