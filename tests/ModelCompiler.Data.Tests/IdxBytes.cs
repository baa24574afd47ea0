using System.Buffers.Binary;
using System.IO.Compression;

namespace ModelCompiler.Data.Tests;

/// <summary>Writes IDX files, well-formed or not.</summary>
internal static class IdxBytes
{
    public static byte[] Header(byte type, params uint[] dimensions)
    {
        var bytes = new byte[4 + (4 * dimensions.Length)];
        (bytes[2], bytes[3]) = (type, (byte)dimensions.Length);
        for (var i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + (4 * i)), dimensions[i]);
        return bytes;
    }

    /// <summary>An 8-bit file.</summary>
    public static byte[] File(uint[] dimensions, byte[] elements) => [.. Header(8, dimensions), .. elements];

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    public static IdxArray Read(byte[] bytes, int? maxBytes = null) => IdxFile.Read(new MemoryStream(bytes), "test.idx", maxBytes);

    public static string Error(byte[] bytes, int? maxBytes = null)
    {
        var message = Assert.Throws<InvalidDataException>(() => Read(bytes, maxBytes)).Message;
        Assert.StartsWith("test.idx: ", message);
        return message;
    }
}
