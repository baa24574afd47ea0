using System.Buffers.Binary;
using System.IO.Compression;

namespace ModelCompiler.Data;

/// <summary>
/// Whether gzip data is whole (RFC 1952). The platform's reader takes the end of a file for the end of what is in it, so that one that was cut would be a shorter one.
/// </summary>
internal static class GzipEnd
{
    private const int Trailer = 8, Header = 10, HeaderCheck = 2, Extra = 4, Name = 8, Comment = 16;

    /// <summary>Refuses data that was cut.</summary>
    /// <param name="packed">All of it; can be sought in.</param>
    /// <param name="unpacked">Bytes that the platform's reader gave.</param>
    /// <exception cref="InvalidDataException">It ends in the middle.</exception>
    public static void Check(Stream packed, long unpacked)
    {
        // One member says its length in its last bytes. Several, or something behind them, are walked through.
        if (packed.Length >= Header + Trailer && LastLength(packed) == (uint)unpacked)
        {
            return;
        }

        packed.Position = 0;
        var members = new BufferedStream(packed, 1 << 16); // not disposed: that would close what is behind it
        do
        {
            Member(members);
        }
        while (members.ReadByte() == 0x1F && members.ReadByte() == 0x8B && Back(members));
    }

    private static uint LastLength(Stream packed)
    {
        packed.Seek(-4, SeekOrigin.End);
        Span<byte> last = stackalloc byte[4];
        packed.ReadExactly(last);
        return BinaryPrimitives.ReadUInt32LittleEndian(last);
    }

    private static bool Back(Stream packed)
    {
        packed.Position -= 2;
        return true;
    }

    private static void Member(Stream packed)
    {
        try
        {
            Span<byte> header = stackalloc byte[Header];
            packed.ReadExactly(header);
            var flags = header[3];
            if ((flags & Extra) != 0)
            {
                Span<byte> length = stackalloc byte[2];
                packed.ReadExactly(length);
                packed.Position += BinaryPrimitives.ReadUInt16LittleEndian(length);
            }

            foreach (var text in new[] { Name, Comment }.Where(t => (flags & t) != 0))
            {
                while (packed.ReadByte() is var b && b != 0)
                {
                    if (b < 0)
                    {
                        throw new EndOfStreamException();
                    }
                }
            }

            packed.Position += (flags & HeaderCheck) != 0 ? 2 : 0;
            using (var inflated = new DeflateStream(new Bytewise(packed), CompressionMode.Decompress, leaveOpen: true))
            {
                // Copying would read all that is behind the member, too.
                var part = new byte[1 << 12];
                while (inflated.Read(part) > 0)
                {
                }
            }

            packed.ReadExactly(stackalloc byte[Trailer]);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("the file ends in the middle: it was cut", e);
        }
    }

    /// <summary>Gives a byte at a time, so that nothing is read beyond the end of a member.</summary>
    private sealed class Bytewise(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, 1));

        public override int Read(Span<byte> buffer) => inner.Read(buffer[..Math.Min(buffer.Length, 1)]);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
