using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Copies pieces of matrices to the order in which tiles read them: to[k width + i], missing i as 0.</summary>
internal static unsafe class Packing
{
    /// <summary>Floats that packing may write behind the last row; what comes there is overwritten or unused.</summary>
    public const int Overrun = 16;

    /// <summary>to[k width + i] = from[i stride + k] for the first <paramref name="count"/> i of a tile's or panel's <paramref name="width"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transposed<V>(float* from, nint stride, int count, int width, int depth, float* to)
        where V : unmanaged, ISimd<V>
    {
        if (typeof(V) == typeof(Simd512))
        {
            for (var i = 0; i < width; i += 16)
            {
                Transpose512.Run(from + (i * stride), stride, Math.Clamp(count - i, 0, 16), depth, to + i, width);
            }
        }
        else if (typeof(V) == typeof(Simd256))
        {
            for (var i = 0; i < width; i += 8)
            {
                Transpose256.Run(from + (i * stride), stride, Math.Clamp(count - i, 0, 8), depth, to + i, width);
            }
        }
        else
        {
            OneByOne(from, stride, count, width, depth, to);
        }
    }

    /// <summary>The same of other elements: pieces of the rows become floats, then those are transposed.</summary>
    [SkipLocalsInit]
    public static void Transposed<V, T>(T* from, nint stride, int count, int width, int depth, float* to)
        where V : unmanaged, ISimd<V>
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Transposed<V>((float*)from, stride, count, width, depth, to);
            return;
        }

        // Rows of a piece are no multiple of 1 KB apart: those would fall into the same sets of the first-level cache.
        const int Piece = 128, PieceStride = Piece + 16;
        var piece = stackalloc float[32 * PieceStride];
        for (var k = 0; k < depth; k += Piece, from += Piece, to += Piece * width)
        {
            var n = Math.Min(Piece, depth - k);
            for (var i = 0; i < count; i++)
            {
                ToFloats<V, T>(from + (i * stride), n, piece + (i * PieceStride));
            }

            Transposed<V>(piece, PieceStride, count, width, n, to);
        }
    }

    /// <summary>to[k width + i] = from[k stride + i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copied<V>(float* from, nint stride, int count, int width, int depth, float* to)
        where V : unmanaged, ISimd<V>
    {
        if (count == width && width == Tile<V>.Columns)
        {
            for (var k = 0; k < depth; k++, from += stride, to += width)
            {
                var u = V.Load(from);
                var v = V.Load(from + V.Lanes);
                V.Store(to, u);
                V.Store(to + V.Lanes, v);
            }

            return;
        }

        for (var k = 0; k < depth; k++, from += stride, to += width)
        {
            for (var i = 0; i < width; i++)
            {
                to[i] = i < count ? from[i] : 0f;
            }
        }
    }

    /// <summary>The same of other elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copied<V, T>(T* from, nint stride, int count, int width, int depth, float* to)
        where V : unmanaged, ISimd<V>
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            Copied<V>((float*)from, stride, count, width, depth, to);
            return;
        }

        for (var k = 0; k < depth; k++, from += stride, to += width)
        {
            ToFloats<V, T>(from, count, to);
            new Span<float>(to + count, width - count).Clear();
        }
    }

    /// <summary>Whole tiles side by side: to[tile depth rows + k rows + i] = from[k stride + tile rows + i]. Each row of the source is read in one go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopiedTiles<V>(float* from, nint stride, int tiles, int depth, float* to)
        where V : unmanaged, ISimd<V>
    {
        var rows = Tile<V>.Rows;
        var next = (nint)rows * depth;
        for (var k = 0; k < depth; k++, from += stride, to += rows)
        {
            float* x = from, y = to;
            for (var tile = 0; tile < tiles; tile++, x += rows, y += next)
            {
                CopyRow(x, rows, y);
            }
        }
    }

    /// <summary>The same of other elements: each row of the source becomes floats first.</summary>
    [SkipLocalsInit]
    public static void CopiedTiles<V, T>(T* from, nint stride, int tiles, int depth, float* to)
        where V : unmanaged, ISimd<V>
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
        {
            CopiedTiles<V>((float*)from, stride, tiles, depth, to);
            return;
        }

        var rows = Tile<V>.Rows;
        var next = (nint)rows * depth;
        var row = stackalloc float[Gemm.TileRowsPerChunk * 12];
        for (var k = 0; k < depth; k++, from += stride, to += rows)
        {
            ToFloats<V, T>(from, tiles * rows, row);
            for (var tile = 0; tile < tiles; tile++)
            {
                CopyRow(row + (tile * rows), rows, to + (tile * next));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(float* x, int rows, float* y)
    {
        // 12 or 6 floats: three pieces that stay inside of both.
        Simd128.Store(y, Simd128.Load(x));
        if (rows == 12)
        {
            Simd128.Store(y + 4, Simd128.Load(x + 4));
            Simd128.Store(y + 8, Simd128.Load(x + 8));
        }
        else
        {
            *(double*)(y + 4) = *(double*)(x + 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ToFloats<V, T>(T* from, int count, float* to)
        where V : unmanaged, ISimd<V>
        where T : unmanaged
    {
        var i = 0;
        for (; i + V.Lanes <= count; i += V.Lanes)
        {
            V.Store(to + i, Element<T>.Load<V>(from + i));
        }

        if (i < count)
        {
            V.Store(to + i, Element<T>.Load<V>(from + i, count - i), count - i);
        }
    }

    private static void OneByOne(float* from, nint stride, int count, int width, int depth, float* to)
    {
        if (count < width)
        {
            new Span<float>(to, width * depth).Clear();
        }

        var i = 0;
        for (; i + 4 <= count; i += 4)
        {
            var a = from + (i * stride);
            var b = a + stride;
            var c = b + stride;
            var d = c + stride;
            var at = to + i;
            for (var k = 0; k < depth; k++, at += width)
            {
                at[0] = a[k];
                at[1] = b[k];
                at[2] = c[k];
                at[3] = d[k];
            }
        }

        for (; i < count; i++)
        {
            var row = from + (i * stride);
            for (var k = 0; k < depth; k++)
            {
                to[(k * width) + i] = row[k];
            }
        }
    }
}
