using SkiaSharp;

namespace ModelCompiler.Benchmarks.Pictures;

/// <summary>The other side: SkiaSharp's own decoder and resizing, as its users call them.</summary>
internal static class SkiaPictures
{
    private const int Quality = 90;

    /// <summary>Cubic, which in Skia does not widen where a picture shrinks.</summary>
    public static void DecodeAndResize(byte[] bytes, int size)
    {
        using var picture = SKBitmap.Decode(bytes);
        using var resized = picture.Resize(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque), new SKSamplingOptions(SKCubicResampler.CatmullRom));
    }

    /// <summary>The same picture as a baseline JPEG.</summary>
    public static byte[] ToJpeg(byte[] bytes)
    {
        using var picture = SKBitmap.Decode(bytes);
        using var data = picture.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }
}
