using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Element types of safetensors files that we can read.</summary>
public enum TensorType
{
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U8,
    Bool,
}

/// <summary>Names, sizes and conversions of element types; numbers in files are little-endian.</summary>
internal static class TensorTypes
{
    /// <summary>The names in headers, in the order of the types.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<TensorType>().Select(static n => n.ToUpperInvariant())];

    /// <summary>The type of a name in a header; null: none that we know.</summary>
    public static TensorType? Parse(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                return (TensorType)i;
            }
        }

        return null;
    }

    /// <summary>The name in a header.</summary>
    public static string Name(this TensorType type) => Names[(int)type];

    public static int Bytes(this TensorType type) => type switch
    {
        TensorType.F64 or TensorType.I64 => 8,
        TensorType.F32 or TensorType.I32 => 4,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 => 2,
        _ => 1,
    };

    /// <summary>Converts to floats: exactly from F16 and BF16, rounded from F64 and large integers.</summary>
    public static void ToFloats(this TensorType type, ReadOnlySpan<byte> from, Span<float> to)
    {
        if (type == TensorType.F32 && BitConverter.IsLittleEndian)
        {
            from[..(to.Length * sizeof(float))].CopyTo(MemoryMarshal.AsBytes(to));
            return;
        }

        var size = type.Bytes();
        for (var i = 0; i < to.Length; i++)
        {
            var at = from.Slice(i * size, size);
            to[i] = type.IsFloat() ? (float)type.ToDouble(at) : type.ToInteger(at);
        }
    }

    public static bool IsFloat(this TensorType type) => type is TensorType.F64 or TensorType.F32 or TensorType.F16 or TensorType.BF16;

    /// <summary>One number of any type; only integers beyond 2^53 are rounded.</summary>
    public static double ToDouble(this TensorType type, ReadOnlySpan<byte> at) => type switch
    {
        TensorType.F64 => BinaryPrimitives.ReadDoubleLittleEndian(at),
        TensorType.F32 => BinaryPrimitives.ReadSingleLittleEndian(at),
        TensorType.F16 => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
        TensorType.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(at) << 16),
        _ => type.ToInteger(at),
    };

    /// <summary>One integer or truth value.</summary>
    public static long ToInteger(this TensorType type, ReadOnlySpan<byte> at) => type switch
    {
        TensorType.I64 => BinaryPrimitives.ReadInt64LittleEndian(at),
        TensorType.I32 => BinaryPrimitives.ReadInt32LittleEndian(at),
        TensorType.I16 => BinaryPrimitives.ReadInt16LittleEndian(at),
        TensorType.I8 => (sbyte)at[0],
        TensorType.Bool => at[0] == 0 ? 0 : 1,
        TensorType.U8 => at[0],
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an integer type"),
    };

    /// <summary>The bits of the nearest BF16, ties to even, beyond the range infinity.</summary>
    public static ushort ToBrain(float value)
    {
        // The upper half of the bits, rounded; a NaN keeps a bit of its payload, or it could become infinity.
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
