using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Reporting;

namespace ModelCompiler.GpuCheck.Speed;

/// <summary>A matrix product as linear layers have it: some of its elements are checked against sums in double, then it is timed.</summary>
/// <param name="Rows">Of C [Rows, Columns] = op(A) [Rows, Inner] op(B) [Inner, Columns].</param>
/// <param name="TransposeA">A is stored [Inner, Rows], as in gradients of weights.</param>
/// <param name="TransposeB">B is stored [Columns, Inner], as in forward passes.</param>
internal sealed record ProductSpeed(string Name, int Rows, int Columns, int Inner, bool TransposeA, bool TransposeB)
{
    private const double Seconds = 1;
    private const int Checked = 64;

    private double Operations => 2.0 * Rows * Columns * Inner;

    public static IEnumerable<ProductSpeed> Cases(Scale scale)
    {
        yield return Square(scale == Scale.Full ? 4096 : 512);
        if (scale == Scale.Quick)
        {
            yield break;
        }

        var tokens = scale == Scale.Full ? 8192 : 256;
        foreach (var (name, inputs, outputs) in new[] { ("qkv", 768, 2304), ("up", 768, 3072), ("down", 3072, 768) })
        {
            yield return new($"{name} {tokens}", tokens, outputs, inputs, false, true);
            yield return new($"{name} {tokens}, dx", tokens, inputs, outputs, false, false);
            yield return new($"{name} {tokens}, dw", outputs, inputs, tokens, true, false);
        }
    }

    /// <summary>A square product of matrices stored as they are.</summary>
    public static ProductSpeed Square(int size) => new($"product {size}", size, size, size, false, false);

    public Result Measure(GpuContext context, DevicePeak peak)
    {
        var (error, seconds) = Run(context);
        var rate = Operations / seconds;
        var share = rate / peak.Again();

        // Roundings of both signs grow with the root of their number.
        return new Result(
            error < 1e-6 * Math.Sqrt(Inner),
            FormattableString.Invariant($"{1e3 * seconds:F3} ms, {rate / 1e9:F1} GFLOP/s, {100 * share:F1}% of the peak; off by {error:0.0e0}"),
            ("seconds", seconds), ("gflops", rate / 1e9), ("share_of_peak", share), ("error", error));
    }

    /// <summary>The largest error of the checked elements, and the seconds of a run.</summary>
    public (double Error, double Seconds) Run(GpuContext context)
    {
        float[] left = Random(Rows * Inner, 1), right = Random(Inner * Columns, 2), result = new float[Rows * Columns];
        using var a = Upload(context, left);
        using var b = Upload(context, right);
        using var c = new GpuArena(context, (long)Rows * Columns * sizeof(float));
        MatrixProduct product = default;
        (product.A, product.B, product.C) = (a.View, b.View, c.View);
        (product.Rows, product.Columns, product.Inner, product.TransposeA, product.TransposeB) = (Rows, Columns, Inner, TransposeA, TransposeB);
        (product.StrideA, product.StrideB, product.StrideC) = (TransposeA ? Rows : Inner, TransposeB ? Inner : Columns, Columns);
        var seconds = Timing.Best(context, Seconds, () => Gemm.Run(context, in product, default(NoEpilogue)));
        context.Download(c.View.SubView(0, result.Length), result.AsSpan());
        return (Error(left, right, result), seconds);
    }

    private double Error(float[] left, float[] right, float[] result)
    {
        var random = new Random(3);
        var worst = 0.0;
        for (var i = 0; i < Checked; i++)
        {
            // The corners are where tiles end.
            var (row, column) = i < 4 ? ((i & 1) * (Rows - 1), (i >> 1) * (Columns - 1)) : (random.Next(Rows), random.Next(Columns));
            var sum = 0.0;
            for (var k = 0; k < Inner; k++)
            {
                sum += (double)left[TransposeA ? (k * Rows) + row : (row * Inner) + k] * right[TransposeB ? (column * Inner) + k : (k * Columns) + column];
            }

            worst = Math.Max(worst, Math.Abs(sum - result[(row * Columns) + column]));
        }

        return worst;
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return Array.ConvertAll(new float[count], _ => random.NextSingle() - 0.5f);
    }

    private static GpuArena Upload(GpuContext context, float[] values)
    {
        var arena = new GpuArena(context, values.Length * (long)sizeof(float));
        context.Upload(arena.View.SubView(0, values.Length), values);
        return arena;
    }
}
