namespace ModelCompiler.Runtime.Cpu;

/// <summary>Attention's backward for one width of vectors: dV = P^T dO, dS = P (dO V^T - sum(O dO)), dQ = dS K, dK = dS^T Q.</summary>
internal static unsafe class AttentionBackward<V>
    where V : unmanaged, ISimd<V>
{
    public static void Body(void* state, int task, int worker)
    {
        ref readonly var job = ref *(AttentionJob*)state;
        ref readonly var a = ref job.A;
        ref readonly var g = ref job.G;
        var s = (float*)(job.Scratch + (worker * job.ScratchStride));
        var at = new AttentionScratch(a.Keys, a.HeadWidth);
        var block = new AttentionBlock<V>(in a, task, s);
        var key = block.Of(a.Key, a.KeyStride, a.Keys, 0);
        block.PackTransposed(key, a.KeyStride, a.Keys, s + at.KeysTransposed);
        block.PackTransposed(block.Of(a.Value, a.ValueStride, a.Keys, 0), a.ValueStride, a.Keys, s + at.ValuesTransposed);
        block.PackPanels(key, a.KeyStride, a.Keys, s + at.KeyPanels);
        new Span<float>(s + at.KeySums, at.PaddedKeys * at.PaddedWidth).Clear();
        new Span<float>(s + at.ValueSums, at.PaddedKeys * at.PaddedWidth).Clear();
        for (var query = 0; query < a.Queries; query += Attention.QueryBlock)
        {
            var count = Math.Min(Attention.QueryBlock, a.Queries - query);
            var keys = block.Visible(query + count - 1);
            var q = block.Of(a.Query, a.QueryStride, a.Queries, query);
            var dy = block.Of(g.OutputGradient, g.OutputGradientStride, a.Queries, query);
            AttentionBlock<V>.PackRows(q, a.QueryStride, count, a.HeadWidth, s + at.QueryRows);
            AttentionBlock<V>.PackRows(dy, g.OutputGradientStride, count, a.HeadWidth, s + at.GradientRows);
            block.PackPanels(q, a.QueryStride, count, s + at.QueryPanels);
            block.PackPanels(dy, g.OutputGradientStride, count, s + at.GradientPanels);
            block.TimesTransposed(s + at.QueryRows, s + at.KeysTransposed, count, keys, s + at.Scores);
            block.TimesTransposed(s + at.GradientRows, s + at.ValuesTransposed, count, keys, s + at.ScoreGradients);
            for (var i = 0; i < count; i++)
            {
                var output = block.Of(a.Output, a.OutputStride, a.Queries, query + i);
                var mean = Dot(output, dy + (i * g.OutputGradientStride), a.HeadWidth);
                Softmax(in block, in a, s + at.Scores + ((long)i * at.PaddedKeys), s + at.ScoreGradients + ((long)i * at.PaddedKeys), mean, query + i, keys, at.PaddedKeys);
            }

            block.TimesPanels(s + at.ScoreGradients, s + at.KeyPanels, count, keys);
            block.CopyOut(s + at.Result, count, block.Of(g.QueryGradient, g.QueryGradientStride, a.Queries, query), g.QueryGradientStride);
            block.AddTransposed(s + at.ScoreGradients, s + at.QueryPanels, count, keys, s + at.KeySums);
            block.AddTransposed(s + at.Scores, s + at.GradientPanels, count, keys, s + at.ValueSums);
        }

        block.CopyOut(s + at.KeySums, a.Keys, block.Of(g.KeyGradient, g.KeyGradientStride, a.Keys, 0), g.KeyGradientStride);
        block.CopyOut(s + at.ValueSums, a.Keys, block.Of(g.ValueGradient, g.ValueGradientStride, a.Keys, 0), g.ValueGradientStride);
    }

    // Scores become probabilities after dropout, gradients of those become gradients of scores; hidden keys get zeros in both.
    private static void Softmax(ref readonly AttentionBlock<V> block, ref readonly AttentionArguments a, float* scores, float* gradients, float mean, int query, int keys, int width)
    {
        var visible = block.Visible(query);
        var logSum = V.Create(*block.LogSumExp(query));
        var scale = V.Create(a.Scale);
        for (var key = 0; key < visible; key += V.Lanes)
        {
            var p = V.Exp(block.Score(scores, key, visible) - logSum);
            var gradient = V.Load(gradients + key);
            var kept = p;
            if (a.HasDropout)
            {
                var keep = block.Keep(query, key);
                kept = p * keep;
                gradient *= keep;
            }

            V.Store(scores + key, kept);
            V.Store(gradients + key, p * (gradient - V.Create(mean)) * scale);
        }

        // The tiles of the products read up to whole tiles of keys.
        var end = Math.Min(width, keys + Tile<V>.Rows);
        if (visible < end)
        {
            new Span<float>(scores + visible, end - visible).Clear();
            new Span<float>(gradients + visible, end - visible).Clear();
        }
    }

    private static float Dot(float* x, float* y, int count)
    {
        var sum = V.Zero;
        for (var i = 0; i < count; i += V.Lanes)
        {
            sum = V.MultiplyAdd(V.Load(x + i, count - i), V.Load(y + i, count - i), sum);
        }

        return V.Sum(sum);
    }
}
