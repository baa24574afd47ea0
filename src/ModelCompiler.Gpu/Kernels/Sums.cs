using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>A thread's part of a tile of 64 x 64: four rows by two quads of columns, half a tile apart.</summary>
internal struct Sums
{
    public Eight R0, R1, R2, R3;

    /// <summary>Adds the outer product of a column and a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sums MultiplyAdd(Quad column, Eight row, Sums tile)
    {
        tile.R0 = Eight.MultiplyAdd(column.A, row, tile.R0);
        tile.R1 = Eight.MultiplyAdd(column.B, row, tile.R1);
        tile.R2 = Eight.MultiplyAdd(column.C, row, tile.R2);
        tile.R3 = Eight.MultiplyAdd(column.D, row, tile.R3);
        return tile;
    }
}
