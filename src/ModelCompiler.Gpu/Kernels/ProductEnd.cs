using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Ends a product whose sums lie in memory: parts of them are added up in ascending order, and formulas are applied on the way to the result. A group has a row at a time.</summary>
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
        (a.First, a.Rows, a.Columns, a.Parts, a.Accumulates) = (row, rows, product.Columns, parts, product.Accumulate ? 1 : 0);
        context.Launch(Body, Math.Min(rows, MostGroups), product.Columns, in a);
    }

    private static void Body<TEpilogue, MC>(ProductEndArguments<TEpilogue, MC> a)
        where TEpilogue : struct, IEpilogue
        where MC : struct, IMatrix
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        for (var row = group; row < a.Rows; row += groups)
        {
            for (var column = thread; column < a.Columns; column += threads)
            {
                var sum = a.Sums[(row * a.Columns) + column];
                for (var part = 1; part < a.Parts; part++)
                {
                    sum += a.Sums[(((part * a.Rows) + row) * a.Columns) + column];
                }

                var at = ((a.First + row) * a.StrideC) + column;
                a.C.Store(at, a.Epilogue.Apply(a.Accumulates != 0 ? a.C.Load(at) + sum : sum, a.First + row, column));
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
    public int StrideC, First, Rows, Columns, Parts, Accumulates;
}
