using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Attention of a few tokens a row over what is there, all of which each of them sees: keys and values are read once where they lie, block by block with a running softmax (Milakov and Gimelshein 2018, arXiv:1805.02867), so
/// that no scratch memory grows with their number. A head is one task: threads change no bits.
/// </summary>
internal static unsafe class AttentionStep
{
    // Keys of a block: their scores lie on the stack.
    private const int Block = 64;

    /// <param name="keys">Keys of a row that are there, of <c>Keys</c> for which there is room.</param>
    public static void Run(CpuContext context, in AttentionArguments arguments, int keys)
    {
        var job = new Job { A = arguments, Keys = keys };
        context.Team.Run(arguments.Batch * arguments.Queries * arguments.Heads, context.Set switch
        {
            InstructionSet.Vector512 => &Body<Simd512>,
            InstructionSet.Vector256 => &Body<Simd256>,
            _ => &Body<Simd128>,
        }, &job);
    }

    private static void Body<V>(void* state, int task, int worker)
        where V : unmanaged, ISimd<V>
    {
        ref readonly var job = ref *(Job*)state;
        ref readonly var a = ref job.A;
        var (token, head) = (task / a.Heads, task % a.Heads);
        var row = token / a.Queries;
        var at = (nint)(head / (a.Heads / a.KeyHeads)) * a.HeadWidth;
        var query = a.Query + (token * a.QueryStride) + ((nint)head * a.HeadWidth);
        var output = a.Output + (token * a.OutputStride) + ((nint)head * a.HeadWidth);
        var keys = a.Key + ((nint)row * a.Keys * a.KeyStride) + at;
        var values = a.Value + ((nint)row * a.Keys * a.ValueStride) + at;
        var mask = a.KeyMask + ((nint)row * a.Keys);
        var scores = stackalloc float[Block];
        var (largest, total) = (float.NegativeInfinity, 0f);
        new Span<float>(output, a.HeadWidth).Clear();
        for (var first = 0; first < job.Keys; first += Block)
        {
            var count = Math.Min(Block, job.Keys - first);
            var top = largest;
            for (var key = 0; key < count; key++)
            {
                scores[key] = mask[first + key] == 0 ? float.NegativeInfinity : a.Scale * Dot<V>(query, keys + ((first + key) * a.KeyStride), a.HeadWidth);
                top = Math.Max(top, scores[key]);
            }

            if (float.IsNegativeInfinity(top))
            {
                continue;
            }

            var rescale = float.IsNegativeInfinity(largest) ? 0f : ScalarMath.Exp(largest - top);
            var sums = V.Zero;
            for (var key = 0; key < count; key += V.Lanes)
            {
                var e = V.First(V.Exp(V.Load(scores + key, count - key) - V.Create(top)), count - key, 0f);
                V.Store(scores + key, e, count - key);
                sums += e;
            }

            (total, largest) = ((total * rescale) + V.Sum(sums), top);
            Add<V>(output, rescale, scores, count, values + (first * a.ValueStride), a.ValueStride, a.HeadWidth);
        }

        var inverse = V.Create(total == 0f ? 0f : 1f / total);
        for (var d = 0; d < a.HeadWidth; d += V.Lanes)
        {
            V.Store(output + d, V.Load(output + d, a.HeadWidth - d) * inverse, a.HeadWidth - d);
        }

        a.LogSumExp[task] = total == 0f ? 0f : largest + ScalarMath.Log(total);
    }

    private static float Dot<V>(float* x, float* y, int width)
        where V : unmanaged, ISimd<V>
    {
        var sum = V.Zero;
        for (var d = 0; d < width; d += V.Lanes)
        {
            sum = V.MultiplyAdd(V.Load(x + d, width - d), V.Load(y + d, width - d), sum);
        }

        return V.Sum(sum);
    }

    // output = rescale output + sum of weights times values.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<V>(float* output, float rescale, float* weights, int count, float* values, nint stride, int width)
        where V : unmanaged, ISimd<V>
    {
        var d = 0;
        for (; d + (4 * V.Lanes) <= width; d += 4 * V.Lanes)
        {
            var scale = V.Create(rescale);
            var (s0, s1, s2, s3) = (V.Load(output + d) * scale, V.Load(output + d + V.Lanes) * scale, V.Load(output + d + (2 * V.Lanes)) * scale, V.Load(output + d + (3 * V.Lanes)) * scale);
            for (var key = 0; key < count; key++)
            {
                var weight = V.Create(weights[key]);
                var value = values + (key * stride) + d;
                s0 = V.MultiplyAdd(weight, V.Load(value), s0);
                s1 = V.MultiplyAdd(weight, V.Load(value + V.Lanes), s1);
                s2 = V.MultiplyAdd(weight, V.Load(value + (2 * V.Lanes)), s2);
                s3 = V.MultiplyAdd(weight, V.Load(value + (3 * V.Lanes)), s3);
            }

            V.Store(output + d, s0);
            V.Store(output + d + V.Lanes, s1);
            V.Store(output + d + (2 * V.Lanes), s2);
            V.Store(output + d + (3 * V.Lanes), s3);
        }

        for (; d < width; d += V.Lanes)
        {
            var sum = V.Load(output + d, width - d) * V.Create(rescale);
            for (var key = 0; key < count; key++)
            {
                sum = V.MultiplyAdd(V.Create(weights[key]), V.Load(values + (key * stride) + d, width - d), sum);
            }

            V.Store(output + d, sum, width - d);
        }
    }

    private struct Job
    {
        public AttentionArguments A;
        public int Keys;
    }
}
