using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace ModelCompiler.Data.Tests;

/// <summary>Files written byte by byte, whose pixels follow from their formats: what says that a picture lies, passes, transparency.</summary>
public sealed class SmallPictureFileTests
{
    // Stored as "abc" over "def". The orientation says on which sides of the upright picture the stored row 0 and column 0 are.
    public static TheoryData<int, string> Upright => new()
    {
        { 1, "abc/def" }, { 2, "cba/fed" }, { 3, "fed/cba" }, { 4, "def/abc" }, { 5, "ad/be/cf" }, { 6, "da/eb/fc" }, { 7, "fc/eb/da" }, { 8, "cf/be/ad" },
    };

    [Theory, MemberData(nameof(Upright))]
    public void A_PNG_is_turned_as_it_says(int orientation, string expected) =>
        Assert.Equal(expected, Show(Picture.Decode(Png(8, 2, false, [0, .. Rgb("abc"), 0, .. Rgb("def")], orientation), "png")));

    [Theory, MemberData(nameof(Upright))]
    public void A_WebP_is_turned_as_it_says(int orientation, string expected) =>
        Assert.Equal(expected, Show(Picture.Decode(WebP(orientation), "webp")));

    [Theory, MemberData(nameof(Upright))]
    public void A_PNG_of_16_bits_is_turned_as_it_says(int orientation, string expected)
    {
        var picture = Picture.Decode(Png(16, 0, false, [0, .. Wide("abc"), 0, .. Wide("def")], orientation), "wide");
        Assert.Equal(expected, Show(picture));
        Assert.Equal(expected.Replace("/", "").Select(static c => (ushort)(257 * c)), picture.WideSamples.ToArray());
    }

    [Fact]
    public void An_orientation_may_be_little_endian_and_behind_the_pixels()
    {
        var file = Png(8, 2, false, [0, .. Rgb("abc"), 0, .. Rgb("def")], null);
        using var noted = new MemoryStream();
        noted.Write(file.AsSpan(..^12)); // without IEND
        PngWriter.WriteChunk(noted, "eXIf"u8, [.. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]);
        noted.Write(file.AsSpan(^12..));
        Assert.Equal("da/eb/fc", Show(Picture.Decode(noted.ToArray(), "png")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MM")]
    [InlineData("MM*\0\0\0\0\u007F")]
    [InlineData("XX*\0\0\0\0\u0008\0\u0001")]
    public void A_note_that_is_no_directory_says_nothing(string note)
    {
        var file = Png(8, 2, false, [0, .. Rgb("abc"), 0, .. Rgb("def")], null);
        using var noted = new MemoryStream();
        noted.Write(file.AsSpan(..33)); // signature and header
        PngWriter.WriteChunk(noted, "eXIf"u8, [.. note.Select(static c => (byte)c)]);
        noted.Write(file.AsSpan(33..));
        Assert.Equal("abc/def", Show(Picture.Decode(noted.ToArray(), "png")));
    }

    // 3 x 2 pixels have a pass of 1, one of the third pixel, one of the second, and one of the second row.
    [Fact]
    public void The_passes_of_an_interlaced_PNG_of_16_bits_are_put_together()
    {
        var picture = Picture.Decode(Png(16, 0, true, [0, .. Wide("a"), 0, .. Wide("c"), 0, .. Wide("b"), 0, .. Wide("def")], null), "interlaced");
        Assert.Equal("abc/def", Show(picture));
        Assert.Equal("abcdef".Select(static c => (ushort)(257 * c)), picture.WideSamples.ToArray());
    }

    [Fact]
    public void A_GIF_gives_its_first_frame_with_the_transparent_colour_unseen()
    {
        var picture = Picture.Decode(
        [
            .. "GIF89a"u8, 2, 0, 2, 0, 0x81, 0, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120,
            .. Frame(transparent: 1, 0, 1, 2, 3), .. Frame(transparent: 0, 3, 3, 3, 3), (byte)';',
        ], "gif");
        Assert.Equal((2, 2, 4), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal([255, 0, 255, 255], Enumerable.Range(0, 4).Select(i => (int)picture.Samples[(4 * i) + 3]));
        Assert.Equal([10, 20, 30, 255, 255, 255, 70, 80, 90, 100, 110, 120], picture.ToRgb().Samples.ToArray());

        // Codes of 3 bits, the table cleared (4) behind two pixels so that they stay so, and the end (5).
        static byte[] Frame(byte transparent, params int[] pixels)
        {
            int[] codes = [4, pixels[0], pixels[1], 4, pixels[2], pixels[3], 5];
            var bits = codes.Select(static (code, i) => code << (3 * i)).Sum();
            return [0x21, 0xF9, 4, 1, 0, 0, transparent, 0, 0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 3, (byte)bits, (byte)(bits >> 8), (byte)(bits >> 16), 0];
        }
    }

    private static string Show(Picture picture) => string.Join('/', Enumerable.Range(0, picture.Height)
        .Select(y => string.Concat(Enumerable.Range(0, picture.Width).Select(x => (char)picture.Samples[((y * picture.Width) + x) * picture.Channels]))));

    private static IEnumerable<byte> Rgb(string text) => text.SelectMany(static c => new[] { (byte)c, (byte)(c + 1), (byte)(c + 2) });

    private static IEnumerable<byte> Wide(string text) => text.SelectMany(static c => new[] { (byte)c, (byte)c });

    // 3 x 2 pixels.
    private static byte[] Png(byte depth, byte colours, bool isInterlaced, byte[] lines, int? orientation)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(lines);
        using var file = new MemoryStream();
        file.Write(PngHeader.Signature);
        PngWriter.WriteChunk(file, "IHDR"u8, [0, 0, 0, 3, 0, 0, 0, 2, depth, colours, 0, 0, isInterlaced ? (byte)1 : (byte)0]);
        if (orientation is { } turned)
            PngWriter.WriteChunk(file, "eXIf"u8, Exif(turned));
        PngWriter.WriteChunk(file, "IDAT"u8, packed.ToArray());
        PngWriter.WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    // The lossless bytes are the library's; the extended header and the notes around them are ours.
    private static byte[] WebP(int orientation)
    {
        using var bitmap = new SKBitmap(3, 2, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var i = 0; i < 6; i++)
            bitmap.SetPixel(i % 3, i / 3, new SKColor((byte)('a' + i), (byte)('b' + i), (byte)('c' + i)));
        using var pixmap = bitmap.PeekPixels()!;
        using var simple = pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 100))!;
        byte[] chunks = [.. "WEBPVP8X"u8, 10, 0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 1, 0, 0, .. simple.ToArray()[12..], .. "EXIF"u8, 26, 0, 0, 0, .. Exif(orientation)];
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, chunks.Length);
        return [.. "RIFF"u8, .. size, .. chunks];
    }

    // One directory with one short.
    private static byte[] Exif(int orientation) => [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
}
