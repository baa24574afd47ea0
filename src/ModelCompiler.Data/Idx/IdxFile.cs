using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ModelCompiler.Data;

/// <summary>
/// Reader of IDX files, the format of MNIST: magic number, big-endian dimensions, big-endian elements; plain or packed with gzip (one
/// member, as gzip writes it), told apart by their first bytes. Files need not be trusted: nothing is allocated on the word of a header alone.
/// </summary>
public static class IdxFile
{
    /// <summary>Most bytes that a file's elements may take unless told otherwise: the longest array, just under 2 GiB.</summary>
    public static int DefaultMaxBytes => Array.MaxLength;

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">Plain or gzip.</param>
    /// <param name="maxBytes">Most bytes the unpacked elements may take: 1..<see cref="DefaultMaxBytes"/>, the default.</param>
    /// <exception cref="InvalidDataException">The file is not whole, well-formed IDX; the message names the file, the value and what is legal.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It is a folder, or not ours to read.</exception>
    public static IdxArray Read(string path, int? maxBytes = null)
    {
        using var file = File.OpenRead(path);
        return Read(file, path, maxBytes);
    }

    /// <summary>Reads from a stream's position to its end.</summary>
    /// <param name="stream">Can seek; stays open.</param>
    /// <param name="name">Names the stream in errors.</param>
    /// <param name="maxBytes">Most bytes the unpacked elements may take: 1..<see cref="DefaultMaxBytes"/>, the default.</param>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot seek, or <paramref name="maxBytes"/> is outside its range.</exception>
    /// <exception cref="InvalidDataException">The bytes are not whole, well-formed IDX.</exception>
    public static IdxArray Read(Stream stream, string name, int? maxBytes = null)
    {
        var limit = maxBytes ?? DefaultMaxBytes;
        if (limit < 1 || limit > DefaultMaxBytes)
            throw new ArgumentOutOfRangeException(nameof(maxBytes), limit, $"A limit of {limit} bytes; legal is 1..{DefaultMaxBytes}.");
        if (!stream.CanSeek)
            throw new ArgumentException($"The stream {name} cannot seek; legal are streams that can.", nameof(stream));
        using var source = new IdxSource(stream, name);
        var header = IdxHeader.Read(source, limit);
        var data = source.ReadRest(header.Bytes);
        if (BitConverter.IsLittleEndian)
            Reverse(data, IdxArray.SizeOf(header.Element));
        return new IdxArray(header.Element, header.Dimensions, data);
    }

    private static void Reverse(Span<byte> data, int size)
    {
        if (size == 2)
            Reverse16(MemoryMarshal.Cast<byte, short>(data));
        else if (size == 4)
            Reverse32(MemoryMarshal.Cast<byte, int>(data));
        else if (size == 8)
            Reverse64(MemoryMarshal.Cast<byte, long>(data));

        static void Reverse16(Span<short> values) => BinaryPrimitives.ReverseEndianness(values, values);
        static void Reverse32(Span<int> values) => BinaryPrimitives.ReverseEndianness(values, values);
        static void Reverse64(Span<long> values) => BinaryPrimitives.ReverseEndianness(values, values);
    }
}
