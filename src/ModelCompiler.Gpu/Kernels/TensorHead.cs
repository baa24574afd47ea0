using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>A warp's 16 tokens of a head of 64 channels, as they are multiplied: 16 channels each.</summary>
internal struct TensorHead
{
    public Words C0, C1, C2, C3;

    /// <param name="from">The thread's address for fragments of its warp's tokens.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorHead Load(int from) => new()
    {
        C0 = TensorTokens<NarrowHead>.Load(from, 0),
        C1 = TensorTokens<NarrowHead>.Load(from, 1),
        C2 = TensorTokens<NarrowHead>.Load(from, 2),
        C3 = TensorTokens<NarrowHead>.Load(from, 3),
    };

    /// <summary>Products with 32 other tokens, over all channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorRow Multiply(int from, TensorHead tokens) =>
        Multiply(from, 3, tokens.C3, Multiply(from, 2, tokens.C2, Multiply(from, 1, tokens.C1, Multiply(from, 0, tokens.C0, TensorRow.Begin()))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TensorRow Multiply(int from, int step, Words tokens, TensorRow sums) => TensorRow.MultiplyAdd<NarrowKind>(
        tokens, TensorTokens<NarrowHead>.Load(from, step), TensorTokens<NarrowHead>.Load(from + (16 * TensorTokens<NarrowHead>.Stride), step), sums);
}
