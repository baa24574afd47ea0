using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>The upper half of a float: its exponents, and 8 bits of precision. How activations are stored under mixed precision.</summary>
public readonly struct BFloat16
{
    private readonly ushort _bits;

    private BFloat16(ushort bits) => _bits = bits;

    /// <summary>Exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value._bits << 16);

    /// <summary>The nearest, ties to even; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return new((ushort)((float.IsNaN(value) ? bits | 0x400000 : bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }
}

/// <summary>A float in memory that is rounded to <see cref="BFloat16"/> when a product reads it: weights, whose own bits training needs.</summary>
public readonly struct RoundedFloat
{
    private readonly float _value;

    private RoundedFloat(float value) => _value = value;

    /// <summary>What a product multiplies.</summary>
    public static explicit operator float(RoundedFloat value) => (float)(BFloat16)value._value;

    public static explicit operator RoundedFloat(float value) => new(value);
}
