using System.Buffers.Binary;
using System.IO.Compression;

namespace ModelCompiler.Data;

/// <summary>Pictures to PNG, every number of channels as it is: SkiaSharp writes no grey with alpha.</summary>
internal static class PngWriter
{
    private static readonly uint[] s_crc = CrcTable();

    public static void Write(Picture picture, Stream stream)
    {
        Span<byte> header = [0, 0, 0, 0, 0, 0, 0, 0, 8, (byte)(picture.Channels switch { 1 => 0, 2 => 4, 3 => 2, _ => 6 }), 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        stream.Write(PngHeader.Signature);
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "IDAT"u8, Pack(picture));
        WriteChunk(stream, "IEND"u8, []);
    }

    // Every row as differences from the row above.
    private static ReadOnlySpan<byte> Pack(Picture picture)
    {
        const byte Up = 2;
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var length = picture.Width * picture.Channels;
            var line = new byte[1 + length];
            line[0] = Up;
            for (var y = 0; y < picture.Height; y++)
            {
                var row = picture.Samples.Slice(y * length, length);
                for (var i = 0; i < length; i++)
                    line[1 + i] = (byte)(row[i] - (y == 0 ? 0 : picture.Samples[((y - 1) * length) + i]));
                zlib.Write(line);
            }
        }

        return packed.GetBuffer().AsSpan(0, (int)packed.Length);
    }

    internal static void WriteChunk(Stream stream, ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, bytes.Length);
        stream.Write(word);
        stream.Write(name);
        stream.Write(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc(Crc(uint.MaxValue, name), bytes));
        stream.Write(word);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            crc = s_crc[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] CrcTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            table[i] = i;
            for (var bit = 0; bit < 8; bit++)
                table[i] = (table[i] >> 1) ^ ((table[i] & 1) * 0xEDB88320);
        }

        return table;
    }
}
