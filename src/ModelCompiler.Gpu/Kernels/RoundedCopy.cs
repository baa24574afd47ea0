using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Stores a matrix in 16 bits, rows behind one another.</summary>
internal static class RoundedCopy
{
    private const int MostGroups = 1 << 16;

    /// <param name="stride">Elements from one row of the source to the next.</param>
    /// <param name="destination">[rows, columns].</param>
    public static void Run<M>(GpuContext context, M matrix, int rows, int columns, int stride, ArrayView<BFloat16> destination)
        where M : struct, IMatrix
    {
        RoundedCopyArguments<M> a = default;
        (a.Source, a.Destination, a.Rows, a.Columns, a.Stride, a.Pieces) = (matrix, destination, rows, columns, stride, Threes.Pieces(columns));
        context.Launch(Body, Threes.GroupsFor(rows, columns, MostGroups), columns, in a);
    }

    private static void Body<M>(RoundedCopyArguments<M> a)
        where M : struct, IMatrix
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        for (var piece = group; piece < a.Rows * a.Pieces; piece += groups)
        {
            var row = piece / a.Pieces;
            var left = (piece - (row * a.Pieces)) * Threes.Columns;
            var (from, to) = (row * a.Stride, row * a.Columns);
            if (Threes.AreWhole(left, a.Columns, threads))
            {
                var c = left + thread;
                var (x, y, z) = (a.Source.Load(from + c), a.Source.Load(from + c + threads), a.Source.Load(from + c + (2 * threads)));
                a.Destination[to + c] = (BFloat16)x;
                a.Destination[to + c + threads] = (BFloat16)y;
                a.Destination[to + c + (2 * threads)] = (BFloat16)z;
            }
            else
            {
                var right = left + Threes.Columns < a.Columns ? left + Threes.Columns : a.Columns;
                for (var c = left + thread; c < right; c += threads)
                {
                    a.Destination[to + c] = (BFloat16)a.Source.Load(from + c);
                }
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
    public int Rows, Columns, Stride, Pieces;
}
