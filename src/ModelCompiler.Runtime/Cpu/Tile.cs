using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>The micro-kernel of products for one width of vectors: as many sums as fit the registers.</summary>
internal static unsafe class Tile<V>
    where V : unmanaged, ISimd<V>
{
    public static int Rows => V.Lanes == 16 ? 12 : 6;

    public static int Columns => 2 * V.Lanes;

    /// <summary>c [Rows, Columns] = (adds: c +) a b.</summary>
    /// <param name="depth">Length of the sums, 1 or more.</param>
    /// <param name="a">Element (row, k) is a[k lda + row].</param>
    /// <param name="b">Element (k, column) is b[k ldb + column].</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Packed(int depth, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, bool adds)
    {
        if (typeof(V) == typeof(Simd512))
        {
            Tiles512.Packed(depth, a, lda, b, ldb, c, ldc, adds);
        }
        else if (typeof(V) == typeof(Simd256))
        {
            Tiles256.Packed(depth, a, lda, b, ldb, c, ldc, adds);
        }
        else
        {
            Tiles128.Packed(depth, a, lda, b, ldb, c, ldc, adds);
        }
    }

    /// <summary>The same where element (row, k) of a is a[row lda + k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ByRows(int depth, float* a, nint lda, float* b, nint ldb, float* c, nint ldc, bool adds)
    {
        if (typeof(V) == typeof(Simd512))
        {
            Tiles512.Rows(depth, a, lda, b, ldb, c, ldc, adds);
        }
        else if (typeof(V) == typeof(Simd256))
        {
            Tiles256.Rows(depth, a, lda, b, ldb, c, ldc, adds);
        }
        else
        {
            Tiles128.Rows(depth, a, lda, b, ldb, c, ldc, adds);
        }
    }
}
