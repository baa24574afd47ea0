using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Stores a matrix in 16 bits, rows behind one another. A group has a row at a time.</summary>
internal static class RoundedCopy
{
    private const int MostGroups = 1 << 12;

    /// <param name="stride">Elements from one row of the source to the next.</param>
    /// <param name="destination">[rows, columns].</param>
    public static void Run<M>(GpuContext context, M matrix, int rows, int columns, int stride, ArrayView<BFloat16> destination)
        where M : struct, IMatrix
    {
        RoundedCopyArguments<M> a = default;
        (a.Source, a.Destination, a.Rows, a.Columns, a.Stride) = (matrix, destination, rows, columns, stride);
        context.Launch(Body, Math.Min(rows, MostGroups), columns, in a);
    }

    private static void Body<M>(RoundedCopyArguments<M> a)
        where M : struct, IMatrix
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        for (var row = group; row < a.Rows; row += groups)
        {
            for (var column = thread; column < a.Columns; column += threads)
            {
                a.Destination[(row * a.Columns) + column] = (BFloat16)a.Source.Load((row * a.Stride) + column);
            }
        }
    }
}

/// <summary>What <see cref="RoundedCopy"/> gets.</summary>
internal struct RoundedCopyArguments<M>
    where M : struct, IMatrix
{
    public M Source;
    public ArrayView<BFloat16> Destination;
    public int Rows, Columns, Stride;
}
