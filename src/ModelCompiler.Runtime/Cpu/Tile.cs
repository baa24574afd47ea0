using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>The micro-kernel of products for one width of vectors: as many sums as fit the registers.</summary>
internal static unsafe class Tile<V>
    where V : unmanaged, ISimd<V>
{
    public static int Rows => V.Lanes == 16 ? 12 : 6;

    public static int Columns => 2 * V.Lanes;

    /// <summary>c [Rows, Columns] = (adds: c +) a b.</summary>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="a">Element (row, k) is a[k lda + row].</param>
    /// <param name="b">A packed panel: element (k, column) is b[k Columns + column].</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(int depth, float* a, nint lda, float* b, float* c, nint ldc, bool adds)
    {
        if (V.Lanes == 16)
        {
            Tiles.Rows12<V>(depth, a, lda, b, c, ldc, adds);
        }
        else
        {
            Tiles.Rows6<V>(depth, a, lda, b, c, ldc, adds);
        }
    }

    /// <summary>The least multiple of <see cref="Columns"/> that is not below.</summary>
    public static int Padded(int columns) => (columns + Columns - 1) / Columns * Columns;
}
