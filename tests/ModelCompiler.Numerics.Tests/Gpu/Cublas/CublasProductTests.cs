using ILGPU;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Products by cuBLAS as this machine plays it, with kernels around them as emulated PTX: what the library is asked for, and what comes of it.</summary>
[Trait("suite", "gpu")]
public sealed class CublasProductTests
{
    private static readonly (int Rows, int Columns, int Inner)[] s_sizes = [(1, 1, 1), (5, 3, 7), (33, 70, 20), (300, 5, 9)];

    public static TheoryData<bool, bool> Transpositions => new((false, false), (false, true), (true, false), (true, true));

    [Theory, MemberData(nameof(Transpositions))]
    public void Floats(bool transposeA, bool transposeB) => Compare<FloatMatrix, FloatMatrix, FloatMatrix>(transposeA, transposeB);

    [Theory, MemberData(nameof(Transpositions))]
    public void Floats_that_are_rounded(bool transposeA, bool transposeB) => Compare<FloatMatrix, FloatMatrix, FloatMatrix>(transposeA, transposeB, usesTf32: true);

    [Theory, MemberData(nameof(Transpositions))]
    public void Elements_of_16_bits(bool transposeA, bool transposeB) => Compare<NarrowMatrix, NarrowMatrix, NarrowMatrix>(transposeA, transposeB);

    [Theory, MemberData(nameof(Transpositions))]
    public void Elements_of_16_bits_and_weights_to_floats(bool transposeA, bool transposeB) => Compare<NarrowMatrix, RoundedMatrix, FloatMatrix>(transposeA, transposeB);

    [Theory, MemberData(nameof(Transpositions))]
    public void Both_sides_rounded(bool transposeA, bool transposeB) => Compare<RoundedMatrix, RoundedMatrix, NarrowMatrix>(transposeA, transposeB);

    // The result's old elements are an operand: sums must not be put over them before formulas have read them.
    [Fact]
    public void Formulas_may_read_what_the_result_replaces()
    {
        var cublas = new PlayedCublas();
        using var context = Context(cublas);
        using var arena = new GpuArena(context, 4 * sizeof(float));
        context.Upload(arena.View.SubView(0, 4), [1f, 2f, 3f, 4f]);
        MatrixProduct product = default;
        (product.A, product.B, product.C, product.Rows, product.Columns, product.Inner) = (arena.View.SubView(0, 2), arena.View.SubView(2, 1), arena.View.SubView(2, 2), 2, 1, 1);
        (product.StrideA, product.StrideB, product.StrideC) = (1, 1, 1);
        Gemm.Run(context, in product, new Residual { Old = product.C });
        var after = new float[4];
        context.Download(arena.View.SubView(0, 4), after);
        Assert.Equal([1f, 2f, 3f + (1 * 3), 4f + (2 * 3)], after);
        Assert.Single(cublas.Products);
    }

    [Theory]
    [InlineData(nameof(ICublas.Create), 0)]
    [InlineData(nameof(ICublas.SetStream), 1)]
    [InlineData(nameof(ICublas.SetWorkspace), 1)]
    [InlineData(nameof(ICublas.SetMathMode), 1)]
    [InlineData(nameof(ICublas.Multiply), 1)]
    public void Where_it_fails_that_is_said_once_and_kernels_make_the_products(string failing, int handles)
    {
        var cublas = new PlayedCublas { Failing = failing };
        var said = new List<string>();
        var launches = new NotedLaunches(new PtxEmulator());
        using (var context = new GpuContext(AllByCublas.Device(launches, cublas), said.Add))
        {
            ProductComparison.Run<FloatMatrix, FloatMatrix, FloatMatrix>(context, (8, 8, 8), (false, true), accumulate: true, gap: 0, start: 0);
            ProductComparison.Run<FloatMatrix, FloatMatrix, FloatMatrix>(context, (8, 8, 8), (false, true), accumulate: false, gap: 0, start: 0);
            Assert.Equal(handles, cublas.Handles);
        }

        Assert.StartsWith("Products are made by kernels of this project: cuBLAS 0.0.0 of this test returns 1", Assert.Single(said));
        Assert.Equal(failing == nameof(ICublas.Multiply), said[0].Contains("3, the function failed", StringComparison.Ordinal));
        Assert.Equal(typeof(GemmByGroups<>), Assert.Single(launches.Threads.Keys).DeclaringType!.GetGenericTypeDefinition());
        Assert.Equal((0, 0), (cublas.Handles, cublas.Products.Count));
    }

    [Fact]
    public void It_makes_none_where_it_is_turned_off_or_a_table_says_so_or_they_are_small()
    {
        var launches = new LaunchLog();
        var device = GpuDevice.Absent(GpuKind.Cuda, launches, new PlayedCublas(computes: false));
        Assert.Equal(0, Products(device.With(usesTf32: false, usesCublas: false, AllByCublas.Table), 512));
        Assert.Equal(0, Products(device.With(usesTf32: false, usesCublas: true, AllByCublas.Preferring(3)), 512));
        Assert.Equal(0, Products(device, 511));
        Assert.Equal(1, Products(device, 512));

        static int Products(GpuDevice device, int size)
        {
            var before = ((PlayedCublas)device.Cublas!).Products.Count;
            using var context = new GpuContext(device);
            using var matrix = new GpuArena(context, size * size * sizeof(float));
            using var result = new GpuArena(context, size * size * sizeof(float));
            MatrixProduct product = default;
            (product.A, product.B, product.C, product.Rows, product.Columns, product.Inner) = (matrix.View, matrix.View, result.View, size, size, size);
            (product.StrideA, product.StrideB, product.StrideC) = (size, size, size);
            Gemm.Run(context, in product, default(NoEpilogue));
            return ((PlayedCublas)device.Cublas!).Products.Count - before;
        }
    }

    // A way that depended on how much scratch memory other passes have asked for would give other bits after them.
    [Fact]
    public void Room_is_made_for_what_is_rounded_and_rows_may_lie_apart_in_it()
    {
        var cublas = new PlayedCublas();
        using var context = Context(cublas);
        Assert.Contains("512 bytes of scratch memory, of which there are 0", Assert.Throws<InvalidOperationException>(() => Run(gap: 0)).Message);
        context.ReserveScratch(Gemm.RoundedBytes(8, 24));
        Run(gap: 0);
        Run(gap: 100);
        Assert.Equal(2, cublas.Products.Count);

        void Run(int gap) => ProductComparison.Run<NarrowMatrix, RoundedMatrix, FloatMatrix>(context, (8, 8, 24), (false, true), accumulate: false, gap, start: 0);
    }

    private static GpuContext Context(PlayedCublas cublas, bool usesTf32 = false, int mostSums = CublasProducts.MostSums) =>
        new(AllByCublas.Device(new PtxEmulator(), cublas, usesTf32), Assert.Fail, mostSums);

    private static void Compare<MA, MB, MC>(bool transposeA, bool transposeB, bool usesTf32 = false)
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var cublas = new PlayedCublas();

        // Sums that formulas are applied to come in pieces: of 70 columns 10 rows at a time, of 5 columns a tile's.
        using var context = Context(cublas, usesTf32, mostSums: 700);
        context.ReserveScratch(2 * Gemm.RoundedBytes(300, 20));
        foreach (var size in s_sizes)
        {
            foreach (var accumulate in new[] { false, true })
            {
                var (gap, start) = accumulate ? (3, 5) : (0, 0);
                var before = cublas.Products.Count;
                ProductComparison.Run<NoEpilogue, MA, MB, MC>(context, size, (transposeA, transposeB), accumulate, gap, start, default, static (sum, _, _) => sum);
                Assert.Equal(before + 1, cublas.Products.Count);
                Assert.Equal((accumulate ? 1f : 0f, usesTf32 ? CublasCompute.Tf32 : CublasCompute.Float32), (cublas.Products[^1].Beta, cublas.Products[^1].Compute));
                ProductComparison.Run<MA, MB, MC>(context, size, (transposeA, transposeB), accumulate, gap, start);
                Assert.Equal(before + 1 + (size.Rows == 33 ? 4 : size.Rows == 300 ? 3 : 1), cublas.Products.Count);
            }
        }
    }

    /// <summary>The old element and the sum.</summary>
    internal struct Residual : IEpilogue
    {
        public ArrayView<float> Old;

        public readonly float Apply(float value, int row, int column) => Old[row + column] + value;
    }
}
