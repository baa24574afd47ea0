using System.Buffers;
using SkiaSharp;

namespace ModelCompiler.Data;

/// <summary>Files to pictures, through SkiaSharp. Its JPEG decoder is libjpeg-turbo with the slow integer DCT and smooth chroma, as Pillow's: the same bytes.</summary>
internal static unsafe class PictureDecoder
{
    public static Picture Decode(ReadOnlySpan<byte> bytes, string name, long mostPixels, bool isRented)
    {
        if (bytes.IsEmpty)
            throw new InvalidDataException($"{name}: is empty; legal is a picture.");
        fixed (byte* start = bytes)
        {
            using var data = SKData.Create((nint)start, bytes.Length);
            using var stream = new SKMemoryStream(data);
            using var codec = SKCodec.Create(stream, out var result);
            if (codec is null)
                throw Error(name, result == SKCodecResult.Unimplemented ? "is no picture" : Reason(result, "header"));
            if (codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp or SKEncodedImageFormat.Gif or SKEncodedImageFormat.Bmp))
                throw Error(name, $"is {codec.EncodedFormat}");
            var (width, height) = (codec.Info.Width, codec.Info.Height);
            if ((long)width * height > mostPixels)
                throw new InvalidDataException($"{name}: claims {width} x {height} pixels; legal are at most {mostPixels} pixels.");
            return Decode(codec, PngHeader.Read(bytes), bytes, name, isRented);
        }
    }

    private static Picture Decode(SKCodec codec, PngHeader? png, ReadOnlySpan<byte> bytes, string name, bool isRented)
    {
        var isOpaque = codec.Info.AlphaType == SKAlphaType.Opaque;
        var isGrey = png is { IsGrey: true } || (png is null && codec.Info.ColorType == SKColorType.Gray8);
        var isDirect = isOpaque && isGrey;
        var decoded = codec.Info.WithColorType(isDirect ? SKColorType.Gray8 : SKColorType.Rgba8888).WithAlphaType(isOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul).WithColorSpace(null);
        var channels = (isGrey, isOpaque) switch { (true, true) => 1, (true, false) => 2, (false, true) => 3, _ => 4 };
        var origin = png is null ? codec.EncodedOrigin : PngOrientation.Read(bytes);
        var isLying = origin >= SKEncodedOrigin.LeftTop;
        var (width, height) = isLying ? (decoded.Height, decoded.Width) : (decoded.Width, decoded.Height);
        if (decoded.BytesSize64 > Array.MaxLength - Picture.Margin)
            throw new InvalidDataException($"{name}: claims {decoded.Width} x {decoded.Height} pixels; legal are at most {Array.MaxLength / decoded.BytesPerPixel} pixels.");
        var buffer = ArrayPool<byte>.Shared.Rent(decoded.BytesSize + Picture.Margin);
        try
        {
            fixed (byte* pixels = buffer)
            {
                if (codec.GetPixels(decoded, (nint)pixels) is var result && result != SKCodecResult.Success)
                    throw Error(name, Reason(result, "pixels"));
            }

            var wide = png is { IsGrey: true, Depth: 16 } && isOpaque ? Upright.Turned(WidePng.Read(png, bytes, name), origin, width, height) : null;
            var picture = Picture.Allocate(width, height, channels, isRented, png is { Depth: 1, IsGrey: true } && isOpaque, wide);
            if (wide is not null)
                WidePng.Narrow(wide, picture.Writable);
            else
                Upright.Write(buffer, decoded.BytesPerPixel, origin, picture);
            return picture;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Reason(SKCodecResult result, string part) => result switch
    {
        SKCodecResult.IncompleteInput => $"ends within its {part}",
        SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => $"has broken {part}",
        _ => $"cannot be decoded ({result})",
    };

    private static InvalidDataException Error(string name, string problem) => new($"{name}: {problem}; legal are whole files of JPEG, PNG, WebP, GIF and BMP.");
}
