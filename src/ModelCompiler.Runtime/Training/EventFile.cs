using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ModelCompiler.Runtime.Training;

/// <summary>
/// Scalars for TensorBoard: an event file of TFRecords (length, its masked CRC32C, data, its masked CRC32C; all little-endian), each a
/// protobuf Event {1: wall time, 2: step, 3: file version, 5: Summary {1: Value {1: tag, 2: simple value}}}, as tensorflow/core/util/event.proto.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const int SessionStart = 1;
    private readonly FileStream _stream;
    private readonly byte[] _record = new byte[256];
    private int _length;

    /// <param name="step">Steps that are done: the viewer drops what earlier files of the folder say of later ones.</param>
    public EventFile(string folder, long step)
    {
        var time = DateTimeOffset.UtcNow;
        var name = FormattableString.Invariant($"events.out.tfevents.{time.ToUnixTimeSeconds()}.{time.Ticks % TimeSpan.TicksPerSecond:D7}.{Environment.ProcessId}"); // viewers read in the order of names
        _stream = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        Begin(0);
        Bytes(3, "brain.Event:2"u8);
        End();
        if (step > 0)
        {
            Begin(step + 1);
            Bytes(7, [8, SessionStart]); // SessionLog {1: status}
            End();
        }
    }

    /// <summary>One scalar.</summary>
    public void Add(long step, string tag, double value)
    {
        Span<byte> name = stackalloc byte[64];
        name = name[..Encoding.UTF8.GetBytes(tag, name)];
        Span<byte> scalar = stackalloc byte[80];
        scalar[0] = 0x0A; // Value.tag
        scalar[1] = (byte)name.Length;
        name.CopyTo(scalar[2..]);
        scalar[2 + name.Length] = 0x15; // Value.simple_value
        BinaryPrimitives.WriteSingleLittleEndian(scalar[(3 + name.Length)..], (float)value);
        scalar = scalar[..(7 + name.Length)];
        Span<byte> summary = stackalloc byte[96];
        summary[0] = 0x0A; // Summary.value
        summary[1] = (byte)scalar.Length;
        scalar.CopyTo(summary[2..]);
        Begin(step);
        Bytes(5, summary[..(2 + scalar.Length)]);
        End();
    }

    public void Flush() => _stream.Flush();

    public void Dispose() => _stream.Dispose();

    private void Begin(long step)
    {
        _length = 0;
        _record[_length++] = 0x09; // Event.wall_time
        BinaryPrimitives.WriteDoubleLittleEndian(_record.AsSpan(_length), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0);
        _length += 8;
        _record[_length++] = 0x10; // Event.step
        for (var rest = (ulong)step; ; rest >>= 7)
        {
            _record[_length++] = (byte)(rest < 128 ? rest : (rest & 127) | 128);
            if (rest < 128)
            {
                break;
            }
        }
    }

    // A field of bytes; all of ours are shorter than 128.
    private void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        _record[_length++] = (byte)((field << 3) | 2);
        _record[_length++] = (byte)bytes.Length;
        bytes.CopyTo(_record.AsSpan(_length));
        _length += bytes.Length;
    }

    private void End()
    {
        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)_length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], MaskedCrc(head[..8]));
        Span<byte> tail = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, MaskedCrc(_record.AsSpan(0, _length)));
        _stream.Write(head);
        _stream.Write(_record.AsSpan(0, _length));
        _stream.Write(tail);
    }

    private static uint MaskedCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xA282EAD8;
    }
}
