using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>What tensor cores multiply; known when a kernel is compiled.</summary>
internal interface ITensorKind
{
    /// <summary>Elements of 16 bytes, as a power of two. A product's step along the inner dimension is two of these.</summary>
    static abstract int Bits { get; }

    static abstract Quad MultiplyAdd(Quad sums, Words a, uint b0, uint b1);

    /// <summary>Elements as they are multiplied.</summary>
    static abstract Words Rounded(Words words);
}

/// <summary>Elements of 16 bits.</summary>
internal struct NarrowKind : ITensorKind
{
    public static int Bits => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad MultiplyAdd(Quad sums, Words a, uint b0, uint b1) => TensorCore.MultiplyNarrow(sums, a, b0, b1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Rounded(Words words) => words;
}

/// <summary>Floats of which 10 bits of mantissa are multiplied.</summary>
internal struct Tf32Kind : ITensorKind
{
    public static int Bits => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad MultiplyAdd(Quad sums, Words a, uint b0, uint b1) => TensorCore.MultiplyTf32(sums, a, b0, b1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Rounded(Words words) => new() { A = Round(words.A), B = Round(words.B), C = Round(words.C), D = Round(words.D) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Round(uint word) => TensorCore.Round(Interop.IntAsFloat(word));
}

/// <summary>Sizes of a group's tile of a product by tensor cores; known when a kernel is compiled.</summary>
internal interface ITensorTile
{
    /// <summary>Rows and columns of the tile, as a power of two.</summary>
    static abstract int Bits { get; }

    /// <summary>Threads of a group: half as many as a slice of one matrix has pieces of 16 bytes.</summary>
    static abstract int Threads { get; }
}

/// <summary>128 x 128 sums by eight warps, each with 64 x 32.</summary>
internal struct LargeTensorTile : ITensorTile
{
    public static int Bits => 7;

    public static int Threads => 256;
}

/// <summary>64 x 64 sums by four warps, each with 32 x 32.</summary>
internal struct SmallTensorTile : ITensorTile
{
    public static int Bits => 6;

    public static int Threads => 128;
}
