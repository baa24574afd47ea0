using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Ends a product whose sums lie in memory: parts of them are added up in ascending order, and formulas are applied on the way to the result.</summary>
internal static class ProductEnd
{
    private const int MostGroups = 1 << 16;

    /// <param name="sums">[parts, rows, columns of the product].</param>
    /// <param name="row">Row of the product that the first of the sums belong to.</param>
    public static void Run<TEpilogue, MA, MB, MC>(GpuContext context, ArrayView<float> sums, in MatrixProduct<MA, MB, MC> product, TEpilogue epilogue, int row, int rows, int parts = 1)
        where TEpilogue : struct, IEpilogue
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        ProductEndArguments<TEpilogue, MC> a = default;
        (a.Sums, a.C, a.Epilogue, a.StrideC) = (sums, product.C, epilogue, product.StrideC);
        (a.First, a.Rows, a.Columns, a.Pieces, a.Parts, a.Accumulates) = (row, rows, product.Columns, Threes.Pieces(product.Columns), parts, product.Accumulate ? 1 : 0);
        context.Launch(Body, Threes.GroupsFor(rows, product.Columns, MostGroups), product.Columns, in a);
    }

    private static void Body<TEpilogue, MC>(ProductEndArguments<TEpilogue, MC> a)
        where TEpilogue : struct, IEpilogue
        where MC : struct, IMatrix
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        for (var piece = group; piece < a.Rows * a.Pieces; piece += groups)
        {
            var row = piece / a.Pieces;
            var left = (piece - (row * a.Pieces)) * Threes.Columns;
            if (Threes.AreWhole(left, a.Columns, threads))
            {
                var c = left + thread;
                var (x, y, z) = (a.Result(row, c), a.Result(row, c + threads), a.Result(row, c + (2 * threads)));
                a.Store(row, c, x);
                a.Store(row, c + threads, y);
                a.Store(row, c + (2 * threads), z);
            }
            else
            {
                var right = left + Threes.Columns < a.Columns ? left + Threes.Columns : a.Columns;
                for (var c = left + thread; c < right; c += threads)
                {
                    a.Store(row, c, a.Result(row, c));
                }
            }
        }
    }
}

/// <summary>What <see cref="ProductEnd"/> gets.</summary>
internal struct ProductEndArguments<TEpilogue, MC>
    where TEpilogue : struct, IEpilogue
    where MC : struct, IMatrix
{
    public ArrayView<float> Sums;
    public MC C;
    public TEpilogue Epilogue;
    public int StrideC, First, Rows, Columns, Pieces, Parts, Accumulates;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Result(int row, int column)
    {
        var sum = Sums[(row * Columns) + column];
        for (var part = 1; part < Parts; part++)
        {
            sum += Sums[(((part * Rows) + row) * Columns) + column];
        }

        return Epilogue.Apply(Accumulates != 0 ? C.Load(At(row, column)) + sum : sum, First + row, column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int row, int column, float value) => C.Store(At(row, column), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int At(int row, int column) => ((First + row) * StrideC) + column;
}
