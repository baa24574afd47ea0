using System.Buffers.Binary;
using System.IO.Compression;

namespace ModelCompiler.Data;

/// <summary>
/// The samples of a 16-bit grey PNG, of which SkiaSharp gives the high byte alone. It has decoded the file before: checksums and
/// lengths were right.
/// </summary>
internal static class WidePng
{
    // Columns and rows of the seven passes of an interlaced picture: first, step.
    private static readonly (int X, int Y, int StepX, int StepY)[] s_passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>[height, width].</summary>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public static ushort[] Read(PngHeader header, ReadOnlySpan<byte> bytes, string name)
    {
        try
        {
            using var packed = Pixels(bytes);
            using var stream = new ZLibStream(packed, CompressionMode.Decompress);
            var samples = new ushort[checked(header.Width * header.Height)];
            foreach (var pass in header.IsInterlaced ? s_passes : [(0, 0, 1, 1)])
                ReadPass(header, stream, samples, pass);
            return samples;
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw new InvalidDataException($"{name}: has broken pixels; legal are whole files.", e);
        }
    }

    /// <summary>16 bits to 8, rounded.</summary>
    public static void Narrow(ReadOnlySpan<ushort> wide, Span<byte> samples)
    {
        for (var i = 0; i < wide.Length; i++)
            samples[i] = (byte)((wide[i] + 128) / 257);
    }

    private static void ReadPass(PngHeader header, Stream stream, Span<ushort> samples, (int X, int Y, int StepX, int StepY) pass)
    {
        var columns = (header.Width - pass.X + pass.StepX - 1) / pass.StepX;
        if (columns <= 0)
            return;
        var (row, above) = (new byte[2 * columns], new byte[2 * columns]);
        for (var y = pass.Y; y < header.Height; y += pass.StepY)
        {
            var filter = stream.ReadByte();
            stream.ReadExactly(row);
            Unfilter(filter, row, above);
            for (var i = 0; i < columns; i++)
                samples[(y * header.Width) + pass.X + (i * pass.StepX)] = BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(2 * i));
            (row, above) = (above, row);
        }
    }

    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var (left, corner) = i < 2 ? (0, 0) : (row[i - 2], above[i - 2]);
            row[i] += filter switch
            {
                0 => 0,
                1 => (byte)left,
                2 => above[i],
                3 => (byte)((left + above[i]) / 2),
                4 => (byte)Nearest(left, above[i], corner),
                _ => throw new InvalidDataException(),
            };
        }
    }

    // Paeth's predictor: the neighbour that is nearest to left + above - corner.
    private static int Nearest(int left, int above, int corner)
    {
        var (toLeft, toAbove, toCorner) = (Math.Abs(above - corner), Math.Abs(left - corner), Math.Abs(left + above - (2 * corner)));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }

    private static MemoryStream Pixels(ReadOnlySpan<byte> bytes)
    {
        var packed = new MemoryStream();
        for (var rest = bytes[PngHeader.SignatureBytes..]; rest.Length >= 12;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length < 0 || length > rest.Length - 12)
                break;
            if (rest.Slice(4, 4).SequenceEqual("IDAT"u8))
                packed.Write(rest.Slice(8, length));
            rest = rest[(12 + length)..];
        }

        packed.Position = 0;
        return packed;
    }
}
