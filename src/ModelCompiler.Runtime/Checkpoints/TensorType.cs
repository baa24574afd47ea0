using System.Buffers.Binary;

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

/// <summary>Sizes and conversions of element types; numbers in files are little-endian.</summary>
internal static class TensorTypes
{
    /// <summary>The type of a name in a header; null: none that we know.</summary>
    public static TensorType? Parse(string name) => name switch
    {
        "F64" => TensorType.F64,
        "F32" => TensorType.F32,
        "F16" => TensorType.F16,
        "BF16" => TensorType.BF16,
        "I64" => TensorType.I64,
        "I32" => TensorType.I32,
        "I16" => TensorType.I16,
        "I8" => TensorType.I8,
        "U8" => TensorType.U8,
        "BOOL" => TensorType.Bool,
        _ => null,
    };

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
        var size = type.Bytes();
        for (var i = 0; i < to.Length; i++)
        {
            var at = from.Slice(i * size, size);
            to[i] = type switch
            {
                TensorType.F32 => BinaryPrimitives.ReadSingleLittleEndian(at),
                TensorType.F64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                TensorType.F16 => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
                TensorType.BF16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(at) << 16),
                _ => type.ToInteger(at),
            };
        }
    }

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
}
