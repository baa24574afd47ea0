using System.Buffers.Binary;
using System.Text;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>What an event file says at one place.</summary>
/// <param name="Tag">Of a scalar; null: none.</param>
/// <param name="Version">Of the file; null: not said here.</param>
/// <param name="Session">Status of the session; null: not said here.</param>
internal sealed record EventRecord(double WallTime, long Step, string? Tag, float Value, string? Version, long? Session);

/// <summary>Reads event files by the formats' own definitions: TFRecord, CRC32C bit by bit, protobuf fields.</summary>
internal static class EventRecords
{
    /// <summary>The records of a file; one that a killed writer has not finished ends it.</summary>
    public static IEnumerable<EventRecord> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at + 12 <= bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Masked(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            if (at + 16 + length > bytes.Length)
            {
                yield break;
            }

            Assert.Equal(Masked(bytes.AsSpan(at + 12, length)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            yield return Event(bytes[(at + 12)..(at + 12 + length)]);
            at += 16 + length;
        }
    }

    private static EventRecord Event(byte[] bytes)
    {
        var fields = Fields(bytes).ToDictionary(static f => f.Number, static f => f);
        string? tag = null;
        var value = 0f;
        if (fields.TryGetValue(5, out var summary))
        {
            var scalar = Fields(Assert.Single(Fields(summary.Bytes)).Bytes).ToDictionary(static f => f.Number, static f => f);
            (tag, value) = (Encoding.UTF8.GetString(scalar[1].Bytes), BitConverter.UInt32BitsToSingle((uint)scalar[2].Bits));
        }

        return new EventRecord(
            BitConverter.UInt64BitsToDouble(fields[1].Bits), (long)fields[2].Bits, tag, value,
            fields.TryGetValue(3, out var version) ? Encoding.UTF8.GetString(version.Bytes) : null,
            fields.TryGetValue(7, out var session) ? (long)Fields(session.Bytes).Single(static f => f.Number == 1).Bits : null);
    }

    private static IEnumerable<(int Number, ulong Bits, byte[] Bytes)> Fields(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var key = Varint(bytes, ref at);
            switch (key & 7)
            {
                case 0:
                    yield return ((int)(key >> 3), Varint(bytes, ref at), []);
                    break;
                case 1:
                    yield return ((int)(key >> 3), BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)), []);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(bytes, ref at);
                    yield return ((int)(key >> 3), 0, bytes[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    yield return ((int)(key >> 3), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)), []);
                    at += 4;
                    break;
                default:
                    Assert.Fail($"wire type {key & 7}");
                    break;
            }
        }
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(bytes[at] & 127) << shift;
            if (bytes[at++] < 128)
            {
                return value;
            }
        }
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78; // Castagnoli, reflected
            }
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}
