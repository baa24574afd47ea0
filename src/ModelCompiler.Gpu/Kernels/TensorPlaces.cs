using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>
/// Where the pieces of 16 bytes of a slice lie in shared memory, and what of them a thread of a warp takes. A slice is a tile's rows of A, or
/// columns of B ("along"), by 64 bytes of the inner dimension: in rows of four pieces and a gap where the inner dimension is next in memory, else in rows of the tile's
/// width and a gap. Gaps put eight neighbouring rows into different banks.
/// </summary>
internal static class TensorPlaces<TKind, TTile>
    where TKind : struct, ITensorKind
    where TTile : struct, ITensorTile
{
    private const int InnerRow = 5;

    /// <summary>Pieces of a slice in either layout, gaps included, at most.</summary>
    public static int Slice
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => InnerRow << TTile.Bits;
    }

    /// <summary>Elements of the inner dimension that a slice has.</summary>
    public static int Inner
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4 << TKind.Bits;
    }

    // As a power of two.
    private static int PiecesOfRow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TTile.Bits - TKind.Bits;
    }

    // Floats are read one by one: rows are 8 banks apart, pieces of 16 bits by rows of 16 bytes: 4 banks.
    private static int AlongRow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (1 << PiecesOfRow) + (4 - TKind.Bits);
    }

    /// <summary>The first element of a piece within the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Along(int piece, bool isInnerNext) => isInnerNext ? piece >> 2 : (piece & ((1 << PiecesOfRow) - 1)) << TKind.Bits;

    /// <summary>The first element of a piece along the inner dimension of the slice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int InnerOf(int piece, bool isInnerNext) => isInnerNext ? (piece & 3) << TKind.Bits : piece >> PiecesOfRow;

    /// <summary>Bytes from the slice's beginning to a piece.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Place(int piece, bool isInnerNext) =>
        16 * (isInnerNext ? ((piece >> 2) * InnerRow) + (piece & 3) : ((piece >> PiecesOfRow) * AlongRow) + (piece & ((1 << PiecesOfRow) - 1)));

    /// <summary>
    /// Bytes to the row of 16 bytes whose address a thread gives for 16 elements along the tile by one step of the inner dimension: first the lower
    /// eight of both, then the upper eight along the tile, then both of the other half of the step.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(int lane, bool isInnerNext) => 16 * (isInnerNext
        ? ((lane & 15) * InnerRow) + (lane >> 4)
        : ((((lane >> 4) << 3) + (lane & 7)) * AlongRow) + ((lane >> 3) & 1));

    /// <summary>Bytes to a thread's first float where floats of the tile's rows are next to each other: the first of its fragment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Word(int lane) => ((lane & 3) * 16 * AlongRow) + ((lane >> 2) * 4);

    /// <summary>Bytes between floats that are half a step of the inner dimension apart.</summary>
    public static int HalfStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4 * 16 * AlongRow;
    }

    /// <summary>Bytes to what is <paramref name="along"/> further in the tile, a multiple of 16, and as many steps of the inner dimension.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Move(int along, int steps, bool isInnerNext) => isInnerNext
        ? 16 * ((along * InnerRow) + (2 * steps))
        : 16 * ((along >> TKind.Bits) + (((2 * steps) << TKind.Bits) * AlongRow));
}
