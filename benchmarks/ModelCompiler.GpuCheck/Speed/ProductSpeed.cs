using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Reporting;

namespace ModelCompiler.GpuCheck.Speed;

/// <summary>A matrix product as linear layers have it: some of its elements are checked against sums in double, then it is timed.</summary>
/// <param name="Rows">Of C [Rows, Columns] = op(A) [Rows, Inner] op(B) [Inner, Columns].</param>
/// <param name="TransposeA">A is stored [Inner, Rows], as in gradients of weights.</param>
/// <param name="TransposeB">B is stored [Columns, Inner], as in forward passes.</param>
/// <param name="Precision">In bf16 all three matrices are stored so.</param>
internal sealed record ProductSpeed(string Name, int Rows, int Columns, int Inner, bool TransposeA, bool TransposeB, StepPrecision Precision = StepPrecision.Float32)
{
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

    /// <summary>The same product in another precision.</summary>
    public ProductSpeed In(StepPrecision precision) => this with { Name = precision.Of(Name), Precision = precision };

    /// <summary>A square product of matrices stored as they are.</summary>
    public static ProductSpeed Square(int size) => new($"product {size}", size, size, size, false, false);

    // Roundings of both signs grow with the root of their number: those of floats' sums, of what TF32 leaves of a term, and of a sum that is stored in 16 bits.
    private double Tolerance => Math.Sqrt(Inner) * Precision switch { StepPrecision.Tf32 => 1e-3, StepPrecision.BFloat16 => 2e-3, _ => 1e-6 };

    /// <param name="context">Of a device that uses TF32 if and only if this product does.</param>
    /// <param name="peak">Of the units that make it.</param>
    public Result Measure(GpuContext context, IPeak peak)
    {
        var (error, seconds) = Run(context);
        var rate = Operations / seconds;
        var share = rate / peak.Again();
        return new Result(
            error < Tolerance,
            FormattableString.Invariant($"{1e3 * seconds:F3} ms, {rate / 1e9:F1} GFLOP/s, {100 * share:F1}% of the peak; off by {error:0.0e0}"),
            ("seconds", seconds), ("gflops", rate / 1e9), ("share_of_peak", share), ("error", error));
    }

    /// <summary>The largest error of the checked elements, and the seconds of a run.</summary>
    /// <param name="time">Seconds that it is measured for.</param>
    public (double Error, double Seconds) Run(GpuContext context, double time = 1)
    {
        float[] left = Random(Rows * Inner, 1), right = Random(Inner * Columns, 2), result = new float[Rows * Columns];
        using var a = Upload(context, left);
        using var b = Upload(context, right);
        using var c = new GpuArena(context, (long)Rows * Columns * sizeof(float));
        var seconds = Precision == StepPrecision.BFloat16 ? TimeNarrow(context, a, b, c, time) : Time(context, a, b, c, time);
        Download(context, c, result);
        return (Error(left, right, result), seconds);
    }

    private double Time(GpuContext context, GpuArena a, GpuArena b, GpuArena c, double time)
    {
        MatrixProduct product = default;
        (product.A, product.B, product.C) = (a.View, b.View, c.View);
        (product.Rows, product.Columns, product.Inner, product.TransposeA, product.TransposeB) = (Rows, Columns, Inner, TransposeA, TransposeB);
        (product.StrideA, product.StrideB, product.StrideC) = (TransposeA ? Rows : Inner, TransposeB ? Inner : Columns, Columns);
        return Timing.Best(context, time, () => Gemm.Run(context, in product, default(NoEpilogue)));
    }

    private double TimeNarrow(GpuContext context, GpuArena a, GpuArena b, GpuArena c, double time)
    {
        MatrixProduct<NarrowMatrix, NarrowMatrix, NarrowMatrix> product = default;
        (product.A, product.B, product.C) = (new(a.View.Cast<BFloat16>()), new(b.View.Cast<BFloat16>()), new(c.View.Cast<BFloat16>()));
        (product.Rows, product.Columns, product.Inner, product.TransposeA, product.TransposeB) = (Rows, Columns, Inner, TransposeA, TransposeB);
        (product.StrideA, product.StrideB, product.StrideC) = (TransposeA ? Rows : Inner, TransposeB ? Inner : Columns, Columns);
        return Timing.Best(context, time, () => Gemm.Run(context, in product, default(NoEpilogue)));
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

    // What 16 bits leave of a number is what is multiplied.
    private float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return Array.ConvertAll(new float[count], _ => random.NextSingle() - 0.5f is var value && Precision == StepPrecision.BFloat16 ? (float)(BFloat16)value : value);
    }

    private GpuArena Upload(GpuContext context, float[] values)
    {
        var arena = new GpuArena(context, values.Length * (long)sizeof(float));
        if (Precision == StepPrecision.BFloat16)
        {
            context.Upload(arena.View.Cast<BFloat16>().SubView(0, values.Length), Array.ConvertAll(values, static v => (BFloat16)v));
        }
        else
        {
            context.Upload(arena.View.SubView(0, values.Length), values);
        }

        return arena;
    }

    private void Download(GpuContext context, GpuArena arena, float[] values)
    {
        if (Precision == StepPrecision.BFloat16)
        {
            var narrow = new BFloat16[values.Length];
            context.Download(arena.View.Cast<BFloat16>().SubView(0, values.Length), narrow.AsSpan());
            Array.ConvertAll(narrow, static v => (float)v).CopyTo(values, 0);
        }
        else
        {
            context.Download(arena.View.SubView(0, values.Length), values.AsSpan());
        }
    }
}
