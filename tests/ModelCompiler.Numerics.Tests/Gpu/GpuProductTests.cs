using ILGPU.Runtime;
using ModelCompiler.Gpu;
using Device = ModelCompiler.Runtime.Device;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Products of GPUs in each of their forms against sums in double: sizes that no tile divides, every transposition, sums that are added to.</summary>
[Trait("suite", "gpu")]
public sealed class GpuProductTests
{
    private static readonly (int Rows, int Columns, int Inner)[] s_sizes = [(1, 1, 1), (5, 3, 7), (64, 64, 16), (65, 130, 33), (130, 70, 100), (300, 5, 9)];

    public static TheoryData<bool, bool> Transpositions => new((false, false), (false, true), (true, false), (true, true));

    [Theory, MemberData(nameof(Transpositions))]
    public void A_thread_sums_a_tile(bool transposeA, bool transposeB) => Compare(GpuDevicesOfTests.OpenCl(), transposeA, transposeB, hasGroupMemory: false);

    [Theory, MemberData(nameof(Transpositions))]
    public void A_group_sums_a_tile(bool transposeA, bool transposeB) => Compare(GpuDevicesOfTests.OpenCl(), transposeA, transposeB, hasGroupMemory: true);

    [Theory, MemberData(nameof(Transpositions))]
    public void A_group_sums_a_tile_as_emulated_PTX(bool transposeA, bool transposeB) => Compare(PtxEmulator.Device, transposeA, transposeB, hasGroupMemory: true);

    [Theory, MemberData(nameof(Transpositions))]
    public void One_thread_sums_all_in_the_simulator(bool transposeA, bool transposeB) => Compare(Device.Simulator, transposeA, transposeB, hasGroupMemory: false);

    private static void Compare(GpuDevice device, bool transposeA, bool transposeB, bool hasGroupMemory)
    {
        using var context = new GpuContext(device) { HasGroupMemory = hasGroupMemory };
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
