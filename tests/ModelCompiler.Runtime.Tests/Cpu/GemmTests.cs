using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime.Tests.Cpu;

/// <summary>Products whose inner dimension is split between threads: against sums in double, and the same bits at any number of threads.</summary>
public sealed unsafe class GemmTests
{
    private const int Rows = 25, Columns = 43, Inner = 4100;

    public static TheoryData<InstructionSet, bool, bool> Cases => new(
        from set in Enum.GetValues<InstructionSet>()
        from transposeA in new[] { false, true }
        from transposeB in new[] { false, true }
        select (set, transposeA, transposeB));

    [Theory, MemberData(nameof(Cases))]
    public void Bits_do_not_depend_on_threads_where_the_inner_dimension_is_split(InstructionSet set, bool transposeA, bool transposeB)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        Assert.True(Schedule.InnerSplits(Rows, Columns, Inner) > 1);
        var (a, b) = (Numbers(Rows * Inner, 1), Numbers(Inner * Columns, 2));
        var first = Multiply(1);
        foreach (var threads in new[] { 2, 3, 8 })
        {
            Assert.Equal(first, Multiply(threads));
        }

        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var sum = 0.0;
                for (var k = 0; k < Inner; k++)
                {
                    sum += (double)a[transposeA ? (k * Rows) + row : (row * Inner) + k] * b[transposeB ? (column * Inner) + k : (k * Columns) + column];
                }

                Assert.Equal(sum, first[(row * Columns) + column], 1e-3);
            }
        }

        float[] Multiply(int threads)
        {
            using var context = new CpuContext(threads, set);
            context.ReserveScratch(Gemm.SharedScratchBytes(Rows, Columns, Inner), Gemm.WorkerScratchBytes);
            var c = new float[Rows * Columns];
            fixed (float* pointerA = a, pointerB = b, pointerC = c)
            {
                MatrixProduct product = default;
                (product.Rows, product.Columns, product.Inner, product.TransposeA, product.TransposeB) = (Rows, Columns, Inner, transposeA, transposeB);
                (product.StrideA, product.StrideB, product.StrideC) = (transposeA ? Rows : Inner, transposeB ? Inner : Columns, Columns);
                product.A = pointerA;
                product.B = pointerB;
                product.C = pointerC;
                Gemm.Run(context, in product, default(NoEpilogue));
            }

            return c;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Narrow_products_are_sums_of_floats_that_are_rounded_once(InstructionSet set, bool transposeA, bool transposeB)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        // The last one's B is packed in two pieces.
        Assert.True(Gemm.PackedDepth(13, 2100, 1100) < 1100);
        foreach (var (rows, columns, inner) in new[] { (25, 70, 1100), (38, 64, 100), (1, 3, 513), (13, 2100, 520), (13, 2100, 1100) })
        {
            var (a, b) = (Array.ConvertAll(Numbers(rows * inner, 1), static v => (BFloat16)v), Numbers(inner * columns, 2));
            var (first, before) = (Multiply<BFloat16>(1, 0f), 0.25f);
            var sums = Multiply<float>(1, before);
            foreach (var threads in new[] { 2, 3, 8 })
            {
                Assert.Equal(first, Multiply<BFloat16>(threads, 0f));
                Assert.Equal(sums, Multiply<float>(threads, before));
            }

            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    var sum = 0.0;
                    for (var k = 0; k < inner; k++)
                    {
                        sum += (double)(float)a[transposeA ? (k * rows) + row : (row * inner) + k] * (float)(BFloat16)b[transposeB ? (column * inner) + k : (k * columns) + column];
                    }

                    Assert.Equal(sum + before, sums[(row * columns) + column], 2e-4);
                    Assert.Equal(sum, (float)first[(row * columns) + column], 2e-4 + (Math.Abs(sum) / 256));
                }
            }

            T[] Multiply<T>(int threads, float start)
                where T : unmanaged
            {
                using var context = new CpuContext(threads, set);
                context.ReserveScratch(typeof(T) == typeof(float) ? Gemm.SharedScratchBytes(rows, columns, inner) : Gemm.NarrowScratchBytes(rows, columns, inner), Gemm.WorkerScratchBytes);
                var c = new T[rows * columns];
                if (c is float[] floats)
                {
                    Array.Fill(floats, start);
                }

                fixed (BFloat16* pointerA = a)
                fixed (float* pointerB = b)
                fixed (T* pointerC = c)
                {
                    MatrixProduct<BFloat16, RoundedFloat, T> product = default;
                    (product.Rows, product.Columns, product.Inner, product.TransposeA, product.TransposeB) = (rows, columns, inner, transposeA, transposeB);
                    (product.StrideA, product.StrideB, product.StrideC) = (transposeA ? rows : inner, transposeB ? inner : columns, columns);
                    product.A = pointerA;
                    product.B = (RoundedFloat*)pointerB;
                    product.C = pointerC;
                    product.Accumulate = start != 0;
                    Gemm.Run(context, in product, default(NoEpilogue));
                }

                return c;
            }
        }
    }

    [Theory]
    [InlineData("2", "512K", 512 << 10)]
    [InlineData("2", "2M", 2 << 20)]
    [InlineData("1", "48K", 1 << 20)]
    [InlineData("2", "much", 1 << 20)]
    [InlineData("2", "", 1 << 20)]
    public void The_second_level_cache_is_as_the_system_says(string level, string size, long bytes)
    {
        using var folder = new TemporaryFolder();
        var index = Directory.CreateDirectory(System.IO.Path.Combine(folder.Path, "index0")).FullName;
        File.WriteAllText(System.IO.Path.Combine(index, "level"), level + "\n");
        File.WriteAllText(System.IO.Path.Combine(index, "size"), size + "\n");
        Assert.Equal(bytes, Caches.Read(folder.Path));
        Assert.Equal(1 << 20, Caches.Read(folder.Path + "-absent"));
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
