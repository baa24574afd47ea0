using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>
/// Where the pieces of 16 bytes of a slice lie in shared memory. A slice is a tile's rows of A, or columns of B ("along"), by 128 bytes of the inner dimension: in
/// rows of eight pieces where the inner dimension is next in memory, else in rows of the tile's width. The order of the pieces of a row is another in each of eight
/// neighbouring rows (the number of a piece by exclusive or with the row's), so that what a warp reads at once lies in different banks.
/// </summary>
/// <remarks>The elements of 16 bytes are a power of two, <c>TKind.Bits</c>, as is the tile along, <c>bits</c>.</remarks>
internal static class TensorPlaces<TKind>
    where TKind : struct, ITensorKind
{
    /// <summary>Steps of a slice along the inner dimension, each of 32 bytes.</summary>
    public const int Steps = 4;

    /// <summary>Elements of the inner dimension that a slice has.</summary>
    public static int Inner
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8 << TKind.Bits;
    }

    /// <summary>Bytes of a slice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Slice(int bits) => 128 << bits;

    /// <summary>Bytes of a row of pieces.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Row(int bits, bool isInnerNext) => 16 << PiecesOfRow(bits, isInnerNext);

    /// <summary>The first element of a piece within the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Along(int piece, int bits, bool isInnerNext) => isInnerNext ? piece >> 3 : (piece & ((1 << PiecesOfRow(bits, isInnerNext)) - 1)) << TKind.Bits;

    /// <summary>The first element of a piece along the inner dimension of the slice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int InnerOf(int piece, int bits, bool isInnerNext) => isInnerNext ? (piece & 7) << TKind.Bits : piece >> PiecesOfRow(bits, isInnerNext);

    /// <summary>Bytes from the slice's beginning to a piece. Pieces of which one is a multiple of eight rows behind the other, or four of floats, are as far apart as their numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Place(int piece, int bits, bool isInnerNext) => 16 * (piece ^ Turn(piece >> PiecesOfRow(bits, isInnerNext), isInnerNext));

    /// <summary>
    /// Where a thread of a warp begins to read: bytes to its row of the first fragment, and what its piece is by exclusive or with 16 times that of a fragment.
    /// </summary>
    /// <param name="along">The warp's first element within the tile, a multiple of 32.</param>
    /// <param name="isRight">Whether it is multiplied from the right (<see cref="TensorReader.Load"/>).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int Row, int Piece) Start(int lane, int along, int bits, bool isInnerNext, bool isRight)
    {
        // Of a fragment's four matrices: whether the thread's address is of those with the next eight elements along, and of those with the step's upper half.
        var (next, upper) = isRight ? (lane >> 4, (lane >> 3) & 1) : ((lane >> 3) & 1, lane >> 4);
        if (isInnerNext)
        {
            return ((along + (next << 3) + (lane & 7)) * 128, 16 * (upper ^ Turn(lane, isInnerNext)));
        }

        // First of all pieces of the warp: those that a row's turn moves are counted within it.
        var first = (along >> TKind.Bits) & ~7;
        var rest = (along >> TKind.Bits) & 7;
        return TKind.Bits == 3
            ? ((((upper << 3) + (lane & 7)) * Row(bits, isInnerNext)) + (16 * first), 16 * ((rest | next) ^ Turn(lane, isInnerNext)))
            : (((lane & 3) * Row(bits, isInnerNext)) + (16 * first) + (4 * ((lane >> 2) & 3)), 16 * ((lane >> 4) ^ Turn(lane & 3, isInnerNext)));
    }

    // As a power of two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PiecesOfRow(int bits, bool isInnerNext) => isInnerNext ? 3 : bits - TKind.Bits;

    // Floats of a row are read one by one, eight neighbours of four rows at once: rows move by two pieces.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Turn(int row, bool isInnerNext) => isInnerNext || TKind.Bits == 3 ? row & 7 : 2 * (row & 3);
}
