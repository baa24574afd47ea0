namespace ModelCompiler.Runtime.Cpu;

/// <summary>Attention's forward for one width of vectors.</summary>
internal static unsafe class AttentionForward<V>
    where V : unmanaged, ISimd<V>
{
    public static void Body(void* state, int task, int worker)
    {
        ref readonly var job = ref *(AttentionJob*)state;
        ref readonly var a = ref job.A;
        var scratch = (float*)(job.Scratch + (worker * job.ScratchStride));
        var at = new AttentionScratch(a.Keys, a.HeadWidth);
        var block = new AttentionBlock<V>(in a, task, scratch);
        block.PackTransposed(block.Of(a.Key, a.KeyStride, a.Keys, 0), a.KeyStride, a.Keys, scratch + at.KeysTransposed);
        block.PackPanels(block.Of(a.Value, a.ValueStride, a.Keys, 0), a.ValueStride, a.Keys, scratch + at.ValuePanels);
        for (var query = 0; query < a.Queries; query += Attention.QueryBlock)
        {
            var count = Math.Min(Attention.QueryBlock, a.Queries - query);
            var keys = block.Visible(query + count - 1);
            AttentionBlock<V>.PackRows(block.Of(a.Query, a.QueryStride, a.Queries, query), a.QueryStride, count, a.HeadWidth, scratch + at.QueryRows);
            block.TimesTransposed(scratch + at.QueryRows, scratch + at.KeysTransposed, count, keys, scratch + at.Scores);
            for (var i = 0; i < count; i++)
            {
                *block.LogSumExp(query + i) = Softmax(in block, a.HasDropout, scratch + at.Scores + ((long)i * at.PaddedKeys), query + i, keys);
            }

            block.TimesPanels(scratch + at.Scores, scratch + at.ValuePanels, count, keys);
            block.CopyOut(scratch + at.Result, count, block.Of(a.Output, a.OutputStride, a.Queries, query), a.OutputStride);
        }
    }

    // Scores become probabilities, up to the last key that the block sees; returns the log-sum-exp, 0 where no key is seen.
    private static float Softmax(ref readonly AttentionBlock<V> block, bool hasDropout, float* scores, int query, int keys)
    {
        var visible = block.Visible(query);
        var max = V.Create(float.NegativeInfinity);
        for (var key = 0; key < visible; key += V.Lanes)
        {
            var score = block.Score(scores, key, visible);
            max = V.Max(score, max);
            V.Store(scores + key, score);
        }

        var top = V.Largest(max);
        if (float.IsNegativeInfinity(top))
        {
            new Span<float>(scores, keys).Clear();
            return 0f;
        }

        var sums = V.Zero;
        for (var key = 0; key < visible; key += V.Lanes)
        {
            var e = V.Exp(V.Load(scores + key) - V.Create(top));
            sums += e;
            V.Store(scores + key, e);
        }

        var sum = V.Sum(sums);
        var inverse = V.Create(1f / sum);
        for (var key = 0; key < visible; key += V.Lanes)
        {
            var p = V.Load(scores + key) * inverse;
            V.Store(scores + key, hasDropout ? p * block.Keep(query, key) : p);
        }

        if (visible < keys)
        {
            new Span<float>(scores + visible, keys - visible).Clear();
        }

        return top + ScalarMath.Log(sum);
    }
}
