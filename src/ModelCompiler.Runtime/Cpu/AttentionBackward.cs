using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Attention's backward for one width of vectors: dV = P^T dO, dS = P (dO V^T - sum(O dO)), dQ = dS K, dK = dS^T Q.</summary>
internal static unsafe class AttentionBackward<V>
    where V : unmanaged, ISimd<V>
{
    public static void Body(void* state, int task, int worker)
    {
        ref readonly var job = ref *(AttentionJob*)state;
        ref readonly var a = ref job.A;
        var s = job.Scratch(worker);
        var at = new AttentionScratch(a.Keys, a.HeadWidth);
        var (row, number, part) = job.Task(task);
        var group = a.Heads / a.KeyHeads;
        var (firstQuery, lastQuery) = job.Pass == AttentionPass.QueryGradients ? job.Range(a.Queries, part) : (0, a.Queries);
        var (firstKey, lastKey) = job.Pass == AttentionPass.KeyGradients ? job.Range(a.Keys, part) : (0, a.Keys);
        var sharing = new AttentionHead<V>(in a, row, number * group, s);
        var last = Math.Min(sharing.PrepareMask(), lastKey);
        var key = sharing.OfKey(a.Key, a.KeyStride, 0);
        sharing.PackTransposed(key, a.KeyStride, last, s + at.KeysTransposed);
        sharing.PackTransposed(sharing.OfKey(a.Value, a.ValueStride, 0), a.ValueStride, last, s + at.ValuesTransposed);
        sharing.PackPanels(key, a.KeyStride, a.Keys, s + at.KeyPanels);
        new Span<float>(s + at.KeySums, at.PaddedKeys * at.PaddedWidth).Clear();
        new Span<float>(s + at.ValueSums, at.PaddedKeys * at.PaddedWidth).Clear();
        for (var h = 0; h < group; h++)
        {
            var head = new AttentionHead<V>(in a, row, (number * group) + h, s);
            for (var query = firstQuery; query < lastQuery; query += Attention.QueryBlock)
            {
                Block(in job, in head, in at, s, query, Math.Min(Attention.QueryBlock, lastQuery - query), firstKey, last);
            }
        }

        if (job.Pass != AttentionPass.QueryGradients)
        {
            sharing.CopyOut(s + at.KeySums, firstKey, lastKey, sharing.OfKey(job.G.KeyGradient, job.G.KeyGradientStride, 0), job.G.KeyGradientStride);
            sharing.CopyOut(s + at.ValueSums, firstKey, lastKey, sharing.OfKey(job.G.ValueGradient, job.G.ValueGradientStride, 0), job.G.ValueGradientStride);
        }
    }

    private static void Block(ref readonly AttentionJob job, ref readonly AttentionHead<V> head, ref readonly AttentionScratch at, float* s, int query, int count, int firstKey, int last)
    {
        ref readonly var a = ref job.A;
        ref readonly var g = ref job.G;
        var blockKeys = head.Visible(query + count - 1, last);
        if (blockKeys <= firstKey && job.Pass == AttentionPass.KeyGradients)
        {
            return;
        }

        var q = head.Of(a.Query, a.QueryStride, a.Queries, query);
        var dy = head.Of(g.OutputGradient, g.OutputGradientStride, a.Queries, query);
        var dq = head.Of(g.QueryGradient, g.QueryGradientStride, a.Queries, query);
        head.PackRows(q, a.QueryStride, count, s + at.QueryRows);
        head.PackRows(dy, g.OutputGradientStride, count, s + at.GradientRows);
        for (var i = 0; i < count; i += Tile<V>.Rows)
        {
            var rows = Math.Min(Tile<V>.Rows, count - i);
            var keys = head.Visible(query + i + rows - 1, last);
            var scores = s + at.Scores + ((long)i * at.PaddedKeys);
            var gradients = s + at.ScoreGradients + ((long)i * at.PaddedKeys);
            head.TimesTransposed(s + at.QueryRows + ((long)i * a.HeadWidth), s + at.KeysTransposed, firstKey, keys, scores);
            head.TimesTransposed(s + at.GradientRows + ((long)i * a.HeadWidth), s + at.ValuesTransposed, firstKey, keys, gradients);
            for (var j = 0; j < rows; j++)
            {
                var output = head.Of(a.Output, a.OutputStride, a.Queries, query + i + j);
                var mean = Dot(output, dy + ((i + j) * g.OutputGradientStride), a.HeadWidth);
                Softmax(in head, in a, scores + ((long)j * at.PaddedKeys), gradients + ((long)j * at.PaddedKeys), mean, query + i + j, firstKey, head.Visible(query + i + j, last), Math.Min(blockKeys + Tile<V>.Rows, at.PaddedKeys));
            }

            if (job.Pass != AttentionPass.KeyGradients)
            {
                head.TimesPanels(gradients, keys, s + at.KeyPanels, rows, null, dq + (i * g.QueryGradientStride), g.QueryGradientStride);
            }
        }

        if (job.Pass != AttentionPass.QueryGradients)
        {
            if (!head.IsWhole)
            {
                head.PackPanels(q, a.QueryStride, count, s + at.QueryPanels);
                head.PackPanels(dy, g.OutputGradientStride, count, s + at.GradientPanels);
            }

            head.AddTransposed(s + at.ScoreGradients, q, a.QueryStride, s + at.QueryPanels, count, firstKey, blockKeys, query, s + at.KeySums);
            head.AddTransposed(s + at.Scores, dy, g.OutputGradientStride, s + at.GradientPanels, count, firstKey, blockKeys, query, s + at.ValueSums);
        }
    }

    // Scores become probabilities after dropout, gradients of those become gradients of scores; what the row does not see gets zeros in both.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Softmax(
        ref readonly AttentionHead<V> head, ref readonly AttentionArguments a, float* scores, float* gradients, float mean, int query, int firstKey, int visible, int end)
    {
        var factor = V.Create(a.Scale * AttentionForward<V>.Log2E);
        var shift = V.Create(-*head.LogSumExp(query) * AttentionForward<V>.Log2E);
        var (scale, offset) = (V.Create(a.Scale), V.Create(-mean * a.Scale));
        var key = firstKey / V.Lanes * V.Lanes;
        for (; key < visible; key += V.Lanes)
        {
            var p = V.Exp2(V.MultiplyAdd(head.Score(scores, key, visible), factor, shift));
            var gradient = V.First(V.Load(gradients + key), visible - key, 0f);
            var kept = p;
            if (a.HasDropout)
            {
                var keep = head.Keep(query, key);
                kept = p * keep;
                gradient *= keep;
            }

            V.Store(scores + key, kept);
            V.Store(gradients + key, p * V.MultiplyAdd(gradient, scale, offset));
        }

        for (; key < end; key += V.Lanes)
        {
            V.Store(scores + key, V.Zero);
            V.Store(gradients + key, V.Zero);
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
