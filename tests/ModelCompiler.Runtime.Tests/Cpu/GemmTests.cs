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
