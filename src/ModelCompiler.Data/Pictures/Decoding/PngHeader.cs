using System.Buffers.Binary;

namespace ModelCompiler.Data;

/// <summary>What the first chunk of a PNG says: the decoder makes 8-bit colours of everything and does not tell.</summary>
internal sealed record PngHeader(int Width, int Height, int Depth, bool IsGrey, bool IsInterlaced)
{
    public const int SignatureBytes = 8;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>Null where the file is no PNG.</summary>
    public static PngHeader? Read(ReadOnlySpan<byte> bytes) => bytes.Length < 33 || !bytes.StartsWith(Signature) ? null : new PngHeader(
        BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]), bytes[24], bytes[25] is 0 or 4, bytes[28] != 0);
}
