using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>
/// CRC-32C (RFC 3720, appendix B.4) of what a file says, which finds every flipped bit. It is stored as flags, because tensors of single bytes stand last
/// in a safetensors file: the sum of what is before it is known when its turn comes.
/// </summary>
internal sealed class Checksum
{
    /// <summary>Flags of a sum.</summary>
    public const int Bits = 32;

    private uint _sum = uint.MaxValue;

    /// <summary>Bit 0 first.</summary>
    public bool[] Flags => [.. Enumerable.Range(0, Bits).Select(i => ((~_sum >> i) & 1) != 0)];

    public void Add(ReadOnlySpan<float> values) => Add(MemoryMarshal.AsBytes(values));

    /// <summary>Keys with their values, in the order of the keys.</summary>
    public void Add(IEnumerable<KeyValuePair<string, string>> notes)
    {
        foreach (var (key, value) in notes.OrderBy(static n => n.Key, StringComparer.Ordinal))
        {
            Add(Encoding.UTF8.GetBytes($"{key}\0{value}\0"));
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            _sum = BitOperations.Crc32C(_sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            _sum = BitOperations.Crc32C(_sum, value);
        }
    }
}
