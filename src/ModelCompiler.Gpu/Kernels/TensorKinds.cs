using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>What tensor cores multiply; known when a kernel is compiled.</summary>
internal interface ITensorKind
{
    /// <summary>Elements of 16 bytes, as a power of two. A product's step along the inner dimension is two of these.</summary>
    static abstract int Bits { get; }

    /// <summary>Whether registers hold a step of the inner dimension that is read while the one before is multiplied: not with those that rounding takes.</summary>
    static abstract bool ReadsAhead { get; }

    static abstract Quad MultiplyAdd(Quad sums, Words a, uint b0, uint b1);

    /// <summary>Elements as they are multiplied.</summary>
    static abstract Words Rounded(Words words);
}

/// <summary>Elements of 16 bits.</summary>
internal struct NarrowKind : ITensorKind
{
    public static int Bits => 3;

    public static bool ReadsAhead => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad MultiplyAdd(Quad sums, Words a, uint b0, uint b1) => TensorCore.MultiplyNarrow(sums, a, b0, b1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Rounded(Words words) => words;
}

/// <summary>Floats of which 10 bits of mantissa are multiplied.</summary>
internal struct Tf32Kind : ITensorKind
{
    public static int Bits => 2;

    public static bool ReadsAhead => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad MultiplyAdd(Quad sums, Words a, uint b0, uint b1) => TensorCore.MultiplyTf32(sums, a, b0, b1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Rounded(Words words) => new() { A = Round(words.A), B = Round(words.B), C = Round(words.C), D = Round(words.D) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Round(uint word) => TensorCore.Round(Interop.IntAsFloat(word));
}
