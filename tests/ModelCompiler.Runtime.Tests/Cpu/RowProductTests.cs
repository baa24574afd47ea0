using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime.Tests.Cpu;

/// <summary>Products of few rows: against sums in double, and the same bits of a row whatever threads and rows there are beside it.</summary>
public sealed unsafe class RowProductTests
{
    public static TheoryData<InstructionSet, int, int> Cases => new(
        from set in Enum.GetValues<InstructionSet>()
        from columns in new[] { 1, 3, 4, 33, 67, 96 }
        from inner in new[] { 1, 7, 64, 517 }
        select (set, columns, inner));

    [Theory, MemberData(nameof(Cases))]
    public void A_row_is_the_same_alone_and_among_others_at_any_number_of_threads(InstructionSet set, int columns, int inner)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        var (a, b) = (Numbers(RowProduct.MostRows * inner, 1), Numbers(inner * columns, 2));
        var all = Multiply(a, b, RowProduct.MostRows, columns, inner, set, 1, false);
        Assert.Equal(all, Multiply(a, b, RowProduct.MostRows, columns, inner, set, 3, false));
        for (var row = 0; row < RowProduct.MostRows; row++)
        {
            var one = Multiply(a.AsSpan(row * inner, inner).ToArray(), b, 1, columns, inner, set, 2, false);
            Assert.Equal(all.AsSpan(row * columns, columns).ToArray(), one);
            for (var column = 0; column < columns; column++)
            {
                var sum = Enumerable.Range(0, inner).Sum(k => (double)a[(row * inner) + k] * b[(column * inner) + k]);
                Assert.Equal(sum, one[column], 1e-6 * (10 + inner));
            }
        }

        Assert.Equal(all.Select(static v => v + 1f), Multiply(a, b, RowProduct.MostRows, columns, inner, set, 2, true));
    }

    [Fact]
    public void Only_few_rows_and_matrices_stored_by_columns_are_taken()
    {
        MatrixProduct<float, float, float> product = default;
        (product.Rows, product.TransposeB) = (RowProduct.MostRows, true);
        Assert.True(RowProduct.Takes(in product));
        product.Rows++;
        Assert.False(RowProduct.Takes(in product));
        (product.Rows, product.TransposeA) = (1, true);
        Assert.False(RowProduct.Takes(in product));
        (product.TransposeA, product.TransposeB) = (false, false);
        Assert.False(RowProduct.Takes(in product));
    }

    private static float[] Multiply(float[] a, float[] b, int rows, int columns, int inner, InstructionSet set, int threads, bool accumulate)
    {
        using var context = new CpuContext(threads, set);
        context.ReserveScratch(Gemm.SharedScratchBytes(rows, columns, inner), Gemm.WorkerScratchBytes);
        var c = new float[rows * columns];
        Array.Fill(c, accumulate ? 1f : float.NaN);
        fixed (float* pointerA = a, pointerB = b, pointerC = c)
        {
            MatrixProduct product = default;
            (product.Rows, product.Columns, product.Inner, product.TransposeB, product.Accumulate) = (rows, columns, inner, true, accumulate);
            (product.StrideA, product.StrideB, product.StrideC) = (inner, inner, columns);
            product.A = pointerA;
            product.B = pointerB;
            product.C = pointerC;
            Gemm.Run(context, in product, default(NoEpilogue));
        }

        return c;
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
