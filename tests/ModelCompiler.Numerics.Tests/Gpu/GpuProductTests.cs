using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;
using Device = ModelCompiler.Runtime.Device;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Products of GPUs in each of their forms against sums in double: sizes that no tile divides, every transposition, sums that are added to, of which some are read by fours.</summary>
[Trait("suite", "gpu")]
public sealed class GpuProductTests
{
    private static readonly (int Rows, int Columns, int Inner)[] s_sizes = [(1, 1, 1), (5, 3, 7), (64, 64, 16), (65, 130, 33), (130, 70, 100), (68, 132, 36), (4, 8, 20), (300, 5, 9)];

    public static TheoryData<bool, bool> Transpositions => new((false, false), (false, true), (true, false), (true, true));

    [Theory, MemberData(nameof(Transpositions))]
    public void A_thread_sums_a_tile(bool transposeA, bool transposeB) => Compare(GpuDevicesOfTests.Any(), transposeA, transposeB, hasGroupMemory: false);

    [Theory, MemberData(nameof(Transpositions))]
    public void A_group_sums_a_tile(bool transposeA, bool transposeB) => Compare(GpuDevicesOfTests.Any(), transposeA, transposeB, hasGroupMemory: true);

    [Theory, MemberData(nameof(Transpositions))]
    public void A_group_sums_a_tile_as_emulated_PTX(bool transposeA, bool transposeB) => Compare(PtxEmulator.Device, transposeA, transposeB, hasGroupMemory: true);

    // More parts than the inner dimension has slices, among others.
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    public void Groups_sum_parts_of_the_inner_dimension(int tile, int parts) =>
        Compare(PtxEmulator.Device, transposeA: true, transposeB: false, hasGroupMemory: true, new((ProductTile)tile, parts));

    /// <summary>The form depends on the number of multiprocessors: few tiles are divided, many are not.</summary>
    [Theory]
    [InlineData(768, 3072, 8192, false, true)]
    [InlineData(2304, 768, 12608, false, true)]
    [InlineData(1576, 768, 3072, true, true)]
    [InlineData(32768, 3072, 768, true, false)]
    [InlineData(32768, 3072, 768, false, false)]
    [InlineData(64, 64, 64, false, false)]
    public void Few_tiles_of_long_sums_are_made_in_parts(int rows, int columns, int inner, bool byTensorCores, bool isInParts)
    {
        var form = ProductForms.Best(rows, columns, inner, byTensorCores, isWide: true, multiprocessors: 132, mostSums: 16 << 20, sharedBytes: 227 << 10);
        Assert.Equal(isInParts, form.Parts > 1);
        Assert.InRange((long)rows * columns * (form.Parts == 1 ? 0 : form.Parts), 0, 16 << 20);
        Assert.NotEqual(ProductTile.Wide, ProductForms.Best(rows, columns, inner, byTensorCores: true, isWide: true, multiprocessors: 132, mostSums: 16 << 20, sharedBytes: 99 << 10).Tile);
    }

    [Theory, MemberData(nameof(Transpositions))]
    public void One_thread_sums_all_in_the_simulator(bool transposeA, bool transposeB) => Compare(Device.Simulator, transposeA, transposeB, hasGroupMemory: false);

    /// <summary>Which of the two matrices are read by fours: those whose rows in memory are multiples of four floats.</summary>
    [Theory]
    [InlineData(8, 12, 16, false, false, true, true)]
    [InlineData(8, 11, 16, false, false, true, false)]
    [InlineData(7, 12, 16, true, false, false, true)]
    [InlineData(7, 12, 15, false, true, false, false)]
    [InlineData(7, 11, 16, false, true, true, true)]
    public void A_matrix_is_read_by_fours_where_its_rows_are_multiples(int rows, int columns, int inner, bool transposeA, bool transposeB, bool readsA, bool readsB)
    {
        var kernel = Kernel((rows, columns, inner), transposeA, transposeB, start: 0);
        Assert.Equal([Type(readsA), Type(readsB)], kernel.GetGenericArguments()[3..5]);
        Assert.Equal([Type(false), Type(false)], Kernel((rows, columns, inner), transposeA, transposeB, start: 2).GetGenericArguments()[3..5]);

        static Type Type(bool byFours) => byFours ? typeof(QuadMatrix) : typeof(FloatMatrix);
    }

    [Theory, MemberData(nameof(Transpositions))]
    public void Four_floats_are_one_instruction(bool transposeA, bool transposeB)
    {
        using var compiler = new PtxCompiler(CudaArchitecture.SM_80);
        var ptx = compiler.Compile(Kernel((8, 8, 8), transposeA, transposeB, start: 0));
        Assert.Empty(PtxRules.Broken(ptx));
        Assert.Equal(8, Count(ptx, "ld.global.v4.f32")); // two of each matrix, before the loop and in it
        Assert.Equal(8, Count(ptx, "ld.global.f32")); // a row of results that are added to
        Assert.Equal(0, Count(compiler.Compile(Kernel((7, 7, 7), transposeA, transposeB, start: 0)), "ld.global.v4"));
        using var assembler = PtxAssembler.Find();
        var (registers, stack) = assembler.Assemble(ptx, "sm_80");
        Assert.Equal(0, stack);
        Assert.InRange(registers * SmallTile.Side * SmallTile.Side, 1, PtxAssembler.RegistersOfGroup);

        static int Count(string text, string word) => text.Split(word).Length - 1;
    }

    // The kernel that a product takes on a device of CUDA.
    private static MethodInfo Kernel((int Rows, int Columns, int Inner) size, bool transposeA, bool transposeB, int start)
    {
        var log = new LaunchLog();
        using var context = new GpuContext(GpuDevice.Absent(GpuKind.Cuda, log));
        using var buffer = context.Accelerator.Allocate1D<float>(1024);
        ArrayView<float> view = buffer.View;
        MatrixProduct product = default;
        (product.A, product.B, product.C) = (view.SubView(start), view.SubView(start), view);
        (product.Rows, product.Columns, product.Inner) = size;
        (product.TransposeA, product.TransposeB) = (transposeA, transposeB);
        (product.StrideA, product.StrideB, product.StrideC) = (transposeA ? size.Rows : size.Inner, transposeB ? size.Inner : size.Columns, size.Columns);
        Gemm.Run(context, in product, default(NoEpilogue));
        return Assert.Single(log.Threads).Key;
    }

    private static void Compare(GpuDevice device, bool transposeA, bool transposeB, bool hasGroupMemory, ProductForm? form = null)
    {
        using var context = new GpuContext(device) { HasGroupMemory = hasGroupMemory, Form = form };
        foreach (var (rows, columns, inner) in s_sizes)
        {
            foreach (var accumulate in new[] { false, true })
            {
                var (a, b, before) = (Numbers(rows * inner, 1), Numbers(inner * columns, 2), Numbers(rows * columns, 3));
                using var bufferA = context.Accelerator.Allocate1D(a);
                using var bufferB = context.Accelerator.Allocate1D(b);
                using var bufferC = context.Accelerator.Allocate1D(before);
                MatrixProduct product = default;
                (product.A, product.B, product.C) = (bufferA.View, bufferB.View, bufferC.View);
                (product.Rows, product.Columns, product.Inner, product.Accumulate) = (rows, columns, inner, accumulate);
                (product.TransposeA, product.TransposeB) = (transposeA, transposeB);
                (product.StrideA, product.StrideB, product.StrideC) = (transposeA ? rows : inner, transposeB ? inner : columns, columns);
                Gemm.Run(context, in product, default(NoEpilogue));
                context.Synchronize();
                var c = bufferC.GetAsArray1D();
                for (var row = 0; row < rows; row++)
                {
                    for (var column = 0; column < columns; column++)
                    {
                        var sum = accumulate ? (double)before[(row * columns) + column] : 0;
                        for (var k = 0; k < inner; k++)
                        {
                            sum += (double)a[transposeA ? (k * rows) + row : (row * inner) + k] * b[transposeB ? (column * inner) + k : (k * columns) + column];
                        }

                        Assert.Equal(sum, c[(row * columns) + column], 1e-6 * Math.Max(1, inner));
                    }
                }
            }
        }
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
