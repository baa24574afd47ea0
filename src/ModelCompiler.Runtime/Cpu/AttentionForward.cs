using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Attention's forward for one width of vectors. Exponentials are of base 2, with log2(e) folded into the scale.</summary>
internal static unsafe class AttentionForward<V>
    where V : unmanaged, ISimd<V>
{
    internal const float Log2E = 1.44269504f;
    internal const float Ln2 = 0.693147181f;

    public static void Body(void* state, int task, int worker)
    {
        ref readonly var job = ref *(AttentionJob*)state;
        ref readonly var a = ref job.A;
        var s = job.Scratch(worker);
        var at = new AttentionScratch(a.Keys, a.HeadWidth);
        var (row, number, part) = job.Task(task);
        var head = new AttentionHead<V>(in a, row, number, s);
        var (first, end) = job.Range(a.Queries, part);
        var last = head.PrepareMask();
        head.PackTransposed(head.OfKey(a.Key, a.KeyStride, 0), a.KeyStride, last, s + at.KeysTransposed);
        head.PackPanels(head.OfKey(a.Value, a.ValueStride, 0), a.ValueStride, a.Keys, s + at.ValuePanels);
        var inverses = stackalloc float[12];
        for (var query = first; query < end; query += Tile<V>.Rows)
        {
            var count = Math.Min(Tile<V>.Rows, end - query);
            var keys = head.Visible(query + count - 1, last);
            head.PackRows(head.Of(a.Query, a.QueryStride, a.Queries, query), a.QueryStride, count, s + at.QueryRows);
            head.TimesTransposed(s + at.QueryRows, s + at.KeysTransposed, 0, keys, s + at.Scores);
            for (var i = 0; i < count; i++)
            {
                *head.LogSumExp(query + i) = Softmax(in head, in a, s + at.Scores + ((long)i * at.PaddedKeys), query + i, head.Visible(query + i, last), keys, out inverses[i]);
            }

            head.TimesPanels(s + at.Scores, keys, s + at.ValuePanels, count, inverses, head.Of(a.Output, a.OutputStride, a.Queries, query), a.OutputStride);
        }
    }

    // Scores become exponentials, zeros up to the last key that the tile sees; the sum divides the result. Returns the log-sum-exp, 0 where no key is seen.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Softmax(ref readonly AttentionHead<V> head, ref readonly AttentionArguments a, float* scores, int query, int visible, int keys, out float inverse)
    {
        var top = V.Create(float.NegativeInfinity);
        for (var key = 0; key < visible; key += V.Lanes)
        {
            var score = head.Score(scores, key, visible);
            V.Store(scores + key, score);
            top = V.Max(top, score);
        }

        var largest = V.Largest(top);
        inverse = 0f;
        if (float.IsNegativeInfinity(largest))
        {
            new Span<float>(scores, keys).Clear();
            return 0f;
        }

        var scale = a.Scale * Log2E;
        var (factor, shift, sums) = (V.Create(scale), V.Create(-largest * scale), V.Zero);
        for (var key = 0; key < visible; key += V.Lanes)
        {
            var e = V.Exp2(V.MultiplyAdd(V.Load(scores + key), factor, shift));
            sums += e;
            V.Store(scores + key, a.HasDropout ? e * head.Keep(query, key) : e);
        }

        for (var key = (visible + V.Lanes - 1) / V.Lanes * V.Lanes; key < keys; key += V.Lanes)
        {
            V.Store(scores + key, V.Zero);
        }

        var sum = V.Sum(sums);
        inverse = 1f / sum;
        return (largest * a.Scale) + ScalarMath.Log(sum);
    }
}
