using System.Buffers.Binary;
using SkiaSharp;

namespace ModelCompiler.Data;

/// <summary>
/// How a PNG's eXIf chunk says that the picture lies; SkiaSharp does not look. The chunk may stand behind the pixels too.
/// What is no proper directory says nothing, as in Pillow.
/// </summary>
internal static class PngOrientation
{
    private const int Tag = 0x112, Short = 3, EntryBytes = 12;

    public static SKEncodedOrigin Read(ReadOnlySpan<byte> png)
    {
        for (var rest = png[PngHeader.SignatureBytes..]; rest.Length >= 12;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length < 0 || length > rest.Length - 12)
                break;
            if (rest.Slice(4, 4).SequenceEqual("eXIf"u8))
                return OfDirectory(rest.Slice(8, length));
            rest = rest[(12 + length)..];
        }

        return SKEncodedOrigin.Default;
    }

    // Either order of bytes, then the place of the first directory: a count and entries of a tag, a type, a count and a value.
    private static SKEncodedOrigin OfDirectory(ReadOnlySpan<byte> exif)
    {
        var isLittle = exif.StartsWith("II"u8);
        if (exif.Length < 8 || !(isLittle || exif.StartsWith("MM"u8)))
            return SKEncodedOrigin.Default;
        var start = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(exif[4..]) : BinaryPrimitives.ReadUInt32BigEndian(exif[4..]);
        if (start > exif.Length - 2)
            return SKEncodedOrigin.Default;
        var entries = exif[(int)start..];
        var count = Number(entries, isLittle);
        for (entries = entries[2..]; count > 0 && entries.Length >= EntryBytes; entries = entries[EntryBytes..], count--)
        {
            if (Number(entries, isLittle) == Tag && Number(entries[2..], isLittle) == Short)
                return Number(entries[8..], isLittle) is >= 1 and <= 8 and var origin ? (SKEncodedOrigin)origin : SKEncodedOrigin.Default;
        }

        return SKEncodedOrigin.Default;
    }

    private static int Number(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
