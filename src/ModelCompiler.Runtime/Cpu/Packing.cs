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
