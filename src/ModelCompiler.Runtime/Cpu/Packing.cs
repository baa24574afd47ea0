namespace ModelCompiler.Runtime.Cpu;

/// <summary>Copies pieces of matrices to the order in which tiles read them: to[k width + i], missing i as 0.</summary>
internal static unsafe class Packing
{
    /// <summary>to[k width + i] = from[i stride + k].</summary>
    public static void Transposed(float* from, nint stride, int count, int width, int depth, float* to)
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

    /// <summary>to[k width + i] = from[k stride + i].</summary>
    public static void Copied<V>(float* from, nint stride, int count, int width, int depth, float* to)
        where V : unmanaged, ISimd<V>
    {
        if (count < width)
        {
            new Span<float>(to, width * depth).Clear();
        }

        for (var k = 0; k < depth; k++)
        {
            new ReadOnlySpan<float>(from + (k * stride), count).CopyTo(new Span<float>(to + (k * width), count));
        }
    }
}
