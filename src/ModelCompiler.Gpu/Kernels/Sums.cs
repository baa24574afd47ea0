using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>A thread's 8 x 8 numbers of a group's tile of 64 x 64: two quads of rows by two quads of columns, half a tile apart.</summary>
internal struct Sums
{
    public Eight R0, R1, R2, R3, R4, R5, R6, R7;

    /// <summary>Adds the outer product of a column, as two quads, and a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sums MultiplyAdd(Quad a, Quad b, Eight row, Sums tile)
    {
        tile.R0 = Eight.MultiplyAdd(a.A, row, tile.R0);
        tile.R1 = Eight.MultiplyAdd(a.B, row, tile.R1);
        tile.R2 = Eight.MultiplyAdd(a.C, row, tile.R2);
        tile.R3 = Eight.MultiplyAdd(a.D, row, tile.R3);
        tile.R4 = Eight.MultiplyAdd(b.A, row, tile.R4);
        tile.R5 = Eight.MultiplyAdd(b.B, row, tile.R5);
        tile.R6 = Eight.MultiplyAdd(b.C, row, tile.R6);
        tile.R7 = Eight.MultiplyAdd(b.D, row, tile.R7);
        return tile;
    }
}
