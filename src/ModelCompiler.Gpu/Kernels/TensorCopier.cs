using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>A thread's pieces of a matrix on their way to shared memory, slice after slice: four or eight of each.</summary>
internal struct TensorCopier
{
    private ulong _from;

    // How far the thread's first piece is from where the matrix ends.
    private int _to, _alongLeft, _innerLeft, _stride;

    /// <param name="shared">The slice's address in the first buffer.</param>
    /// <param name="along">The tile's first row of A, or column of B.</param>
    /// <param name="inner">The first slice's first element of the inner dimension.</param>
    /// <param name="inners">Behind the last slice's last one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorCopier Of<TKind, M>(M matrix, int shared, int thread, int along, int inner, int stride, int alongs, int inners, int bits, bool isInnerNext)
        where TKind : struct, ITensorKind
        where M : struct, IMatrix
    {
        var atAlong = along + TensorPlaces<TKind>.Along(thread, bits, isInnerNext);
        var atInner = inner + TensorPlaces<TKind>.InnerOf(thread, bits, isInnerNext);
        TensorCopier c;
        (c._alongLeft, c._innerLeft) = (alongs - atAlong, inners - atInner);
        c._stride = stride << (4 - TKind.Bits);
        c._to = shared + TensorPlaces<TKind>.Place(thread, bits, isInnerNext);

        // From the address of the first element, which is there: a piece outside is never read.
        c._from = matrix.Address(0) + ((ulong)(uint)(isInnerNext ? atAlong : atInner) * (uint)c._stride) + (uint)((isInnerNext ? atInner : atAlong) << (4 - TKind.Bits));
        return c;
    }

    /// <summary>Starts to copy the thread's pieces of the next slice.</summary>
    /// <param name="buffer">Bytes from the first buffer to the one that is filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorCopier Copy<TKind>(TensorCopier c, int buffer, int threads, int bits, bool isInnerNext)
        where TKind : struct, ITensorKind
    {
        var from = Four<TKind>(c, c._from, buffer, 0, threads, bits, isInnerNext);
        if ((8 << bits) > 4 * threads)
        {
            Four<TKind>(c, from, buffer, 4, threads, bits, isInnerNext);
        }

        c._innerLeft -= TensorPlaces<TKind>.Inner;
        c._from += isInnerNext ? 128u : (ulong)(uint)c._stride * (uint)TensorPlaces<TKind>.Inner;
        return c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Four<TKind>(TensorCopier c, ulong from, int buffer, int first, int threads, int bits, bool isInnerNext)
        where TKind : struct, ITensorKind
    {
        from = One<TKind>(c, from, buffer, first, threads, bits, isInnerNext);
        from = One<TKind>(c, from, buffer, first + 1, threads, bits, isInnerNext);
        from = One<TKind>(c, from, buffer, first + 2, threads, bits, isInnerNext);
        return One<TKind>(c, from, buffer, first + 3, threads, bits, isInnerNext);
    }

    // Pieces of a thread are a multiple of eight rows apart, or of four. Gives the place of the next: a chain of additions, since places of all would not fit into registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong One<TKind>(TensorCopier c, ulong from, int buffer, int number, int threads, int bits, bool isInnerNext)
        where TKind : struct, ITensorKind
    {
        var rows = isInnerNext ? TensorPlaces<TKind>.Along(threads, bits, isInnerNext: true) : TensorPlaces<TKind>.InnerOf(threads, bits, isInnerNext: false);
        var isInside = isInnerNext ? c._alongLeft > number * rows & c._innerLeft > 0 : c._alongLeft > 0 & c._innerLeft > number * rows;
        TensorCore.Copy((uint)(c._to + buffer + (number * 16 * threads)), from, isInside ? 16 : 0);
        return from + (uint)(c._stride * rows);
    }
}
