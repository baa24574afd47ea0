using System.Buffers.Binary;
using System.Text;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime.Tests.Checkpoints;

/// <summary>Writes safetensors files by hand, well-formed or not.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A file of a header's text and data.</summary>
    public static byte[] File(string header, int dataBytes = 0) => File((ulong)Encoding.UTF8.GetByteCount(header), Encoding.UTF8.GetBytes(header), new byte[dataBytes]);

    /// <summary>A file whose header's length is what the caller says.</summary>
    public static byte[] File(ulong headerLength, byte[] header, byte[] data)
    {
        var bytes = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, headerLength);
        header.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + header.Length);
        return bytes;
    }

    /// <summary>One entry of a header.</summary>
    public static string Entry(string name, string type, string shape, long begin, long end) =>
        $"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":[{shape}],\"data_offsets\":[{begin},{end}]}}";

    /// <summary>The message of the refusal of a file, behind the file's name.</summary>
    public static string Refusal(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("test.safetensors", bytes);
        var message = Assert.Throws<CheckpointException>(() => new SafetensorsFile(path)).Message;
        Assert.StartsWith(path, message);
        return message[path.Length..];
    }

    /// <summary>The message of the refusal of a header over 64 bytes of data.</summary>
    public static string Refusal(string header) => Refusal(File(header, 64));
}
