using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>The upper half of a float, by integers alone: no device needs to know the type.</summary>
public readonly struct BFloat16
{
    private readonly ushort _bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BFloat16(ushort bits) => _bits = bits;

    /// <summary>Exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator float(BFloat16 value) => Interop.IntAsFloat((uint)value._bits << 16);

    /// <summary>The nearest, ties to even; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator BFloat16(float value) => new((ushort)(Upper(value) >> 16));

    /// <summary>What storing and loading gives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Round(float value) => Interop.IntAsFloat(Upper(value) & 0xFFFF0000u);

    // The upper half of the result is the number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Upper(float value)
    {
        var bits = Interop.FloatAsInt(value);
        return (bits & 0x7FFFFFFFu) > 0x7F800000u ? bits | 0x400000u : bits + 0x7FFFu + ((bits >> 16) & 1u);
    }
}
