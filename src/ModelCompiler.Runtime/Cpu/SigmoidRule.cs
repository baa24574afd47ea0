using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>log(1 + exp(-x)) for a row's own column, log(1 + exp(x)) for every other, of similarities and the bias: x = s + b.</summary>
internal unsafe struct SigmoidRule : IPairRule
{
    // Less than any similarity: neither a loss nor a slope.
    private const float Hidden = -1e30f;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add<V>(ref readonly PairJob job, float* similarities, float* teacher, int row)
        where V : unmanaged, ISimd<V>
    {
        ref readonly var a = ref job.A;
        var hasOwn = Take(in job, similarities, row, out var x);
        var (shift, one, losses, slopes) = (V.Create(Bias(in a)), V.Create(1f), V.Zero, V.Zero);
        for (var c = 0; c < job.ColumnCount; c += V.Lanes)
        {
            var other = V.Load(similarities + c) + shift;
            var e = V.Exp(-V.Abs(other));
            losses += V.First(V.Max(other, V.Zero) + V.Log(one + e), job.ColumnCount - c, 0f);
            slopes += V.First(V.Where(other, V.Zero, one, e) / (one + e), job.ColumnCount - c, 0f);
        }

        var (loss, slope) = (V.Sum(losses), V.Sum(slopes));
        if (hasOwn)
        {
            loss += Math.Max(-x, 0) + ScalarMath.Log(1 + ScalarMath.Exp(-Math.Abs(x)));
            slope -= Miss(x);
        }

        a.Losses[row] = job.IsFirst ? loss : a.Losses[row] + loss;
        a.Slopes[row] = job.IsFirst ? slope : a.Slopes[row] + slope;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Differentiate<V>(ref readonly PairJob job, float* similarities, float* teacher, int row)
        where V : unmanaged, ISimd<V>
    {
        var hasOwn = Take(in job, similarities, row, out var x);
        var (shift, factor) = (V.Create(Bias(in job.A)), V.Create(job.Factor));
        for (var c = 0; c < job.ColumnCount; c += V.Lanes)
        {
            V.Store(similarities + c, V.First(V.Sigmoid(V.Load(similarities + c) + shift) * factor, job.ColumnCount - c, 0f));
        }

        if (hasOwn)
        {
            similarities[row - job.FirstColumn] = -Miss(x) * job.Factor;
        }
    }

    // A row's own column is not among those that are no pairs.
    private static bool Take(ref readonly PairJob job, float* similarities, int row, out float x)
    {
        if (!job.HasOwn(row, out var own))
        {
            x = 0;
            return false;
        }

        x = similarities[own] + Bias(in job.A);
        similarities[own] = Hidden;
        return true;
    }

    // 1 - sigmoid(x), without a difference.
    private static float Miss(float x) => 1 / (1 + ScalarMath.Exp(x));

    private static float Bias(ref readonly PairArguments a) => a.Bias is null ? 0f : *a.Bias;
}
