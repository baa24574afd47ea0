using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>
/// Products of tensor cores as emulated PTX against sums in double of the same rounded elements: what differs comes from additions of floats. Rows in memory
/// are multiples of 16 bytes; no other dimension is a multiple of anything.
/// </summary>
[Trait("suite", "gpu")]
public sealed partial class GpuTensorTests
{
    // One small tile, all of it; less than one; more than one large tile in both directions; a row of 128 bytes and a part; the same in parts of the inner dimension.
    private static readonly (int Rows, int Columns, int Inner, ProductForm Form)[] s_sizes =
    [
        (64, 64, 64, new(ProductTile.Small, 1)), (8, 24, 8, new(ProductTile.Small, 1)), (136, 152, 40, new(ProductTile.Large, 1)), (40, 56, 104, new(ProductTile.Large, 1)),
        (136, 264, 72, new(ProductTile.Wide, 1)), (72, 80, 328, new(ProductTile.Small, 3)), (40, 56, 200, new(ProductTile.Wide, 2)),
    ];

    public static TheoryData<bool, bool> Transpositions => new((false, false), (false, true), (true, false), (true, true));

    [Theory, MemberData(nameof(Transpositions))]
    public void Elements_of_16_bits_are_multiplied_as_they_are(bool transposeA, bool transposeB) => Compare<NarrowMatrix, NarrowMatrix, FloatMatrix>(transposeA, transposeB);

    [Theory, MemberData(nameof(Transpositions))]
    public void Weights_are_rounded_on_their_way(bool transposeA, bool transposeB) => Compare<NarrowMatrix, RoundedMatrix, NarrowMatrix>(transposeA, transposeB);

    [Theory, MemberData(nameof(Transpositions))]
    public void So_is_the_other_side(bool transposeA, bool transposeB) => Compare<RoundedMatrix, NarrowMatrix, FloatMatrix>(transposeA, transposeB);

    [Theory, MemberData(nameof(Transpositions))]
    public void Floats_are_rounded_to_10_bits_where_it_is_asked_for(bool transposeA, bool transposeB) => Compare<FloatMatrix, FloatMatrix, FloatMatrix>(transposeA, transposeB);

    /// <summary>All of it on the tensor cores of this machine.</summary>
    [Theory, MemberData(nameof(Transpositions))]
    public void So_it_is_on_a_GPU(bool transposeA, bool transposeB)
    {
        using var context = new GpuContext(GpuDevicesOfTests.WithTensorCores().WithTf32());
        Compare<NarrowMatrix, NarrowMatrix, FloatMatrix>(context, transposeA, transposeB);
        Compare<NarrowMatrix, RoundedMatrix, NarrowMatrix>(context, transposeA, transposeB);
        Compare<RoundedMatrix, NarrowMatrix, FloatMatrix>(context, transposeA, transposeB);
        Compare<FloatMatrix, FloatMatrix, FloatMatrix>(context, transposeA, transposeB);
    }

    /// <summary>Rows, and first elements, that are no multiples of 16 bytes: an instruction would read less than it needs, or fault.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(0, 1)]
    public void What_lies_otherwise_takes_another_form(int gap, int start)
    {
        var launches = new NotedLaunches(new PtxEmulator());
        using var context = new GpuContext(GpuDevice.Absent(GpuKind.Cuda, launches));
        ProductComparison.Run<NarrowMatrix, RoundedMatrix, FloatMatrix>(context, (40, 24, 16), (false, true), accumulate: false, gap, start);
        Assert.DoesNotContain(launches.Threads.Keys, IsOfTensorCores);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Floats_are_rounded_on_devices_that_can_and_only_where_it_is_asked_for(bool hasTensorCores, bool usesTf32)
    {
        var log = new LaunchLog();
        using var context = new GpuContext(new GpuDevice(GpuKind.Cuda, -1, "no device", 0) { Log = log, HasTensorCores = hasTensorCores, UsesTf32 = usesTf32 });
        Launch<FloatMatrix, FloatMatrix, FloatMatrix>(context);
        Assert.DoesNotContain(log.Threads.Keys, IsOfTensorCores);
    }

    [Fact]
    public void Elements_of_16_bits_go_to_tensor_cores_by_themselves()
    {
        var log = new LaunchLog();
        using var context = new GpuContext(GpuDevice.Absent(GpuKind.Cuda, log));
        Launch<NarrowMatrix, RoundedMatrix, FloatMatrix>(context);
        Assert.Equal([typeof(RoundedCopy), typeof(GemmByTensorCores<,>)], log.Threads.Keys.Select(static k => k.DeclaringType!).Select(static t => t.IsGenericType ? t.GetGenericTypeDefinition() : t));
    }

    // Models that tests look at have no products of all tiles.
    [Theory, MemberData(nameof(Transpositions))]
    public void Tiles_obey_the_rules_and_threads_have_registers_for_them(bool transposeA, bool transposeB)
    {
        using var compiler = new PtxCompiler(CudaArchitecture.SM_80);
        using var assembler = PtxAssembler.Find();
        foreach (var (tile, threads) in new[] { (ProductTile.Small, SmallTensorTile.Threads), (ProductTile.Large, 2 * LargeTensorTile.Threads), (ProductTile.Wide, WideTensorTile.Threads) })
        {
            Check(Launched<NarrowMatrix, NarrowMatrix, NarrowMatrix>(tile, transposeA, transposeB), threads);
            Check(Launched<FloatMatrix, FloatMatrix, FloatMatrix>(tile, transposeA, transposeB), threads);
        }

        void Check(MethodInfo kernel, int threads)
        {
            var ptx = compiler.Compile(kernel);
            Assert.Empty(PtxRules.Broken(ptx));
            Assert.Contains(".extern .shared .align 16 ", ptx, StringComparison.Ordinal);
            Assert.Equal(14, StoreToResult().Count(ptx)); // formulas once for four pairs, whose elements may lie apart, and for one: not for all sums of a thread
            if (ptx.Contains(".bf16.", StringComparison.Ordinal))
            {
                // Else each is moved before it is multiplied.
                Assert.NotEmpty(Product().Matches(ptx));
                Assert.All(Product().Matches(ptx), static m => Assert.Equal(Number(m.Groups[1]) + 1, Number(m.Groups[2])));
            }

            foreach (var architecture in new[] { "sm_80", "sm_90" })
            {
                var (registers, stack) = assembler.Assemble(ptx, architecture);
                TestContext.Current.TestOutputHelper!.WriteLine($"{kernel.DeclaringType} {architecture}: {registers}, {stack}");
                Assert.Equal(0, stack);
                Assert.InRange(registers * threads, 1, PtxAssembler.RegistersOfGroup);
            }
        }
    }

    private static MethodInfo Launched<MA, MB, MC>(ProductTile tile, bool transposeA, bool transposeB)
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var log = new LaunchLog();
        using var context = new GpuContext(GpuDevice.Absent(GpuKind.Cuda, log).WithTf32()) { Form = new(tile, 1) };
        Launch<MA, MB, MC>(context, transposeA, transposeB);
        return Assert.Single(log.Threads).Key;
    }

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    private static bool IsOfTensorCores(MethodInfo kernel) => kernel.DeclaringType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(GemmByTensorCores<,>);

    private static void Launch<MA, MB, MC>(GpuContext context, bool transposeA = false, bool transposeB = false)
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        context.ReserveScratch(2 * Gemm.RoundedBytes(8, 8));
        using var matrix = new DeviceMatrix(context.Accelerator, 8, 8, gap: 0, start: 0, seed: 1);
        Gemm.Run(context, ProductComparison.Product(matrix.As<MA>(), matrix.As<MB>(), matrix.As<MC>(), (8, 8, 8), (8, 8, 8), (transposeA, transposeB), accumulate: false), default(NoEpilogue));
    }

    private static void Compare<MA, MB, MC>(bool transposeA, bool transposeB)
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var launches = new NotedLaunches(new PtxEmulator());
        using var context = new GpuContext(GpuDevice.Absent(GpuKind.Cuda, launches).WithTf32());
        Compare<MA, MB, MC>(context, transposeA, transposeB);
        Assert.Equal([typeof(LargeTensorTile), typeof(SmallTensorTile), typeof(WideTensorTile)], launches.Threads.Keys.Where(IsOfTensorCores).Select(static k => k.DeclaringType!.GetGenericArguments()[1]).Distinct().OrderBy(static t => t.Name));
    }

    private static void Compare<MA, MB, MC>(GpuContext context, bool transposeA, bool transposeB)
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        foreach (var (rows, columns, inner, form) in s_sizes)
        {
            // What is not next to each other in memory need not be a multiple.
            var size = (rows - (transposeA ? 0 : 3), columns - (transposeB ? 5 : 0), inner - (transposeA && !transposeB ? 1 : 0));
            context.Form = form;
            context.ReserveScratch(Gemm.RoundedBytes(rows, inner) + Gemm.RoundedBytes(columns, inner));
            ProductComparison.Run<MA, MB, MC>(context, size, (transposeA, transposeB), accumulate: rows == 136, gap: rows == 40 ? 8 : 0, start: rows == 40 ? 16 : 0);
        }
    }

    // The registers of what is multiplied from the right.
    [GeneratedRegex(@"mma\.[^{]*\{[^}]*\}, \{[^}]*\}, \{%r(\d+),%r(\d+)\}")]
    private static partial Regex Product();

    [GeneratedRegex(@"st\.global\.")]
    private static partial Regex StoreToResult();
}
