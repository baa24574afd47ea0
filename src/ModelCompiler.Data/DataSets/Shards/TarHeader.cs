using System.Buffers.Binary;
using System.Text;

namespace ModelCompiler.Data;

/// <summary>One header block of a tar file: V7, ustar, pax or GNU.</summary>
/// <param name="Name">Path within the archive; the prefix of ustar included.</param>
/// <param name="Length">Bytes that follow.</param>
/// <param name="Kind">The type flag.</param>
internal readonly record struct TarHeader(string Name, long Length, char Kind)
{
    public const int Bytes = 512;

    /// <summary>Whether a block ends the archive.</summary>
    public static bool IsEnd(ReadOnlySpan<byte> block) => block.IndexOfAnyExcept((byte)0) < 0;

    /// <exception cref="FormatException">The block is no header.</exception>
    public static TarHeader Parse(ReadOnlySpan<byte> block)
    {
        var sum = 0L;
        for (var i = 0; i < Bytes; i++)
            sum += i is >= 148 and < 156 ? ' ' : block[i];
        if (Number(block.Slice(148, 8), "checksum") is var written && written != sum)
            throw new FormatException($"the checksum of a header is {written}; its bytes give {sum}");
        var name = Text(block[..100]);
        var isUstar = block.Slice(257, 6).SequenceEqual("ustar\0"u8); // GNU's own ends otherwise, and has other things where the prefix is
        var prefix = isUstar ? Text(block.Slice(345, 155)) : "";
        return new TarHeader(prefix.Length > 0 ? $"{prefix}/{name}" : name, Number(block.Slice(124, 12), "length"), (char)block[156]);
    }

    /// <summary>UTF-8 up to the first zero.</summary>
    public static string Text(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field);

    // Octal digits between blanks or zeros, or eight bytes of two's complement behind a byte that says so.
    private static long Number(ReadOnlySpan<byte> field, string what)
    {
        if (field[0] == 0x80 && field.Length == 12 && field[1..4].IndexOfAnyExcept((byte)0) < 0 && field[4] < 0x80)
            return BinaryPrimitives.ReadInt64BigEndian(field[4..]);
        var digits = field.Trim(" \0"u8);
        var value = 0L;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                throw new FormatException($"the {what} of a header is no number");
            value = (value * 8) + (digit - '0');
        }

        return value;
    }
}
