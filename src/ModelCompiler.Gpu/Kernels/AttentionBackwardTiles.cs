using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Attention's backward for devices with fast group memory, 64 queries by 64 keys at a time: dV = P^T dO, dS = P (dO V^T - sum(O dO)), dQ = dS K, dK = dS^T Q.</summary>
internal static class AttentionBackwardTiles
{
    /// <summary>A group has 64 queries of one head. It writes of each query what <see cref="Keys"/> reads.</summary>
    public static void Queries<TDropout, M>(AttentionWork<M> a)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var slices = SharedMemory.Allocate<Quad>(2 * AttentionTile.Slice);
        var tile = SharedMemory.Allocate<Quad>(AttentionTile.Whole);
        var means = SharedMemory.Allocate<float>(AttentionTile.Size);
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var (firstQuery, head, row) = AttentionWork<M>.Tile(group, a.Queries, a.Heads);
        var keyHead = head / (a.Heads / a.KeyHeads);
        var line = (((row * a.Heads) + head) * a.Queries) + firstQuery;
        var queries = AttentionWork<M>.InTile(a.Queries, firstQuery);
        var visible = a.Visible(firstQuery + queries - 1);
        var (q, dy) = (a.At(row, a.Queries, firstQuery, a.QStride, head), a.At(row, a.Queries, firstQuery, a.DyStride, head));
        var (own, dq) = (AttentionTile.Row(thread), a.At(row, a.Queries, firstQuery, a.DqStride, head));
        if (thread < AttentionTile.Size)
        {
            var mean = 0f;
            if (thread < queries)
            {
                mean = a.Mean(dy + (thread * a.DyStride), a.At(row, a.Queries, firstQuery + thread, a.YStride, head));
                a.Numbers[(2 * (line + thread)) + 1] = mean;
            }

            means[thread] = mean;
        }

        Group.Barrier();

        // The first tile is always gone through: what no key is shown to gets zeros.
        for (var first = 0; first < visible || first == 0; first += AttentionTile.Size)
        {
            var keys = AttentionWork<M>.InTile(a.Keys, first);
            var k = a.At(row, a.Keys, first, a.KStride, keyHead);
            var dp = AttentionTile.Products(slices, thread, a.Width, a.Dy, dy, a.DyStride, queries, a.V, a.At(row, a.Keys, first, a.VStride, keyHead), a.VStride, keys);
            dp.R0 = AttentionScores.Multiply(dp.R0, AttentionScores.Keep<TDropout, M>(a, line + own, first, thread));
            dp.R1 = AttentionScores.Multiply(dp.R1, AttentionScores.Keep<TDropout, M>(a, line + own + 1, first, thread));
            dp.R2 = AttentionScores.Multiply(dp.R2, AttentionScores.Keep<TDropout, M>(a, line + own + 2, first, thread));
            dp.R3 = AttentionScores.Multiply(dp.R3, AttentionScores.Keep<TDropout, M>(a, line + own + 3, first, thread));
            var p = AttentionTile.Products(slices, thread, a.Width, a.Q, q, a.QStride, queries, a.K, k, a.KStride, keys);
            var mask = AttentionScores.Mask(a, row, first, thread);
            p.R0 = Slopes(a, mask, firstQuery, line, own, first, thread, p.R0, dp.R0, means);
            p.R1 = Slopes(a, mask, firstQuery, line, own + 1, first, thread, p.R1, dp.R1, means);
            p.R2 = Slopes(a, mask, firstQuery, line, own + 2, first, thread, p.R2, dp.R2, means);
            p.R3 = Slopes(a, mask, firstQuery, line, own + 3, first, thread, p.R3, dp.R3, means);
            AttentionTile.Transpose(tile, thread, p);
            Group.Barrier();
            for (var column = 0; column < a.Width; column += AttentionTile.Size)
            {
                var columns = a.Width - column;
                Sums sums = default;
                if (first > 0)
                {
                    sums = AttentionTile.Read(a.Dq, dq + column, a.DqStride, queries, columns, thread, Quad.All(1f));
                }

                sums = AttentionTile.Combine(tile, slices, thread, a.K, k + column, a.KStride, keys, columns, sums);
                AttentionTile.Write(a.Dq, dq + column, a.DqStride, queries, columns, thread, sums);
            }
        }
    }

    /// <summary>A group has 64 keys of one key head, and sums over the heads that share it.</summary>
    public static void Keys<TDropout, M>(AttentionWork<M> a)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var slices = SharedMemory.Allocate<Quad>(2 * AttentionTile.Slice);
        var kept = SharedMemory.Allocate<Quad>(AttentionTile.Whole);
        var slopes = SharedMemory.Allocate<Quad>(AttentionTile.Whole);
        var means = SharedMemory.Allocate<Quad>(AttentionTile.Size >> 2);
        var logSums = SharedMemory.Allocate<Quad>(AttentionTile.Size >> 2);
        var places = SharedMemory.Allocate<int>(5);
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var (firstKey, keyHead, row) = AttentionWork<M>.Tile(group, a.Keys, a.KeyHeads);
        var keys = AttentionWork<M>.InTile(a.Keys, firstKey);

        // Read again for every tile: NVIDIA's assembler keeps what does not change, and has no registers for so much.
        if (thread == 0)
        {
            places[0] = firstKey;
            places[1] = a.At(row, a.Keys, firstKey, a.DkStride, keyHead);
            places[2] = a.At(row, a.Keys, firstKey, a.DvStride, keyHead);
            places[3] = a.At(row, a.Keys, firstKey, a.KStride, keyHead);
            places[4] = a.At(row, a.Keys, firstKey, a.VStride, keyHead);
        }

        Group.Barrier();
        var own = AttentionTile.Row(thread);
        var sharing = a.Heads / a.KeyHeads;
        for (var h = 0; h < sharing; h++)
        {
            var head = (keyHead * sharing) + h;
            for (var firstQuery = 0; firstQuery < a.Queries; firstQuery += AttentionTile.Size)
            {
                var queries = AttentionWork<M>.InTile(a.Queries, firstQuery);
                var isFirst = h == 0 && firstQuery == 0;

                // Queries before all of these keys see none of them; the first tile is always gone through, and begins the sums.
                if (isFirst || a.Visible(firstQuery + queries - 1) > firstKey)
                {
                    var line = (((row * a.Heads) + head) * a.Queries) + firstQuery;
                    var (q, dy) = (a.At(row, a.Queries, firstQuery, a.QStride, head), a.At(row, a.Queries, firstQuery, a.DyStride, head));
                    if (thread < AttentionTile.Size)
                    {
                        means.Cast<float>()[thread] = thread < queries ? a.Numbers[(2 * (line + thread)) + 1] : 0f;
                        logSums.Cast<float>()[thread] = thread < queries ? a.LogSums[line + thread] : 0f;
                    }

                    var p = AttentionTile.Products(slices, thread, a.Width, a.K, places[3], a.KStride, keys, a.Q, q, a.QStride, queries);
                    var key = places[0] + own;
                    var (limits, shift) = (AttentionScores.Limits(a, firstQuery, thread), AttentionTile.Columns(logSums, thread));
                    p.R0 = Probabilities(a, row, limits, key, p.R0, shift);
                    p.R1 = Probabilities(a, row, limits, key + 1, p.R1, shift);
                    p.R2 = Probabilities(a, row, limits, key + 2, p.R2, shift);
                    p.R3 = Probabilities(a, row, limits, key + 3, p.R3, shift);
                    AttentionTile.Transpose(kept, thread, p);
                    var dp = AttentionTile.Products(slices, thread, a.Width, a.V, places[4], a.VStride, keys, a.Dy, dy, a.DyStride, queries);
                    key = places[0] + own;
                    var mean = AttentionTile.Columns(means, thread);
                    var query = line + (4 * (thread % 8));
                    var at = AttentionTile.At(thread);
                    Slopes<TDropout, M>(a, kept, slopes, mean.A, at, query, key, dp.R0.A, dp.R1.A, dp.R2.A, dp.R3.A);
                    Slopes<TDropout, M>(a, kept, slopes, mean.B, at + AttentionTile.Stride, query + 1, key, dp.R0.B, dp.R1.B, dp.R2.B, dp.R3.B);
                    Slopes<TDropout, M>(a, kept, slopes, mean.C, at + (2 * AttentionTile.Stride), query + 2, key, dp.R0.C, dp.R1.C, dp.R2.C, dp.R3.C);
                    Slopes<TDropout, M>(a, kept, slopes, mean.D, at + (3 * AttentionTile.Stride), query + 3, key, dp.R0.D, dp.R1.D, dp.R2.D, dp.R3.D);
                    Slopes<TDropout, M>(a, kept, slopes, mean.E, at + (32 * AttentionTile.Stride), query + 32, key, dp.R0.E, dp.R1.E, dp.R2.E, dp.R3.E);
                    Slopes<TDropout, M>(a, kept, slopes, mean.F, at + (33 * AttentionTile.Stride), query + 33, key, dp.R0.F, dp.R1.F, dp.R2.F, dp.R3.F);
                    Slopes<TDropout, M>(a, kept, slopes, mean.G, at + (34 * AttentionTile.Stride), query + 34, key, dp.R0.G, dp.R1.G, dp.R2.G, dp.R3.G);
                    Slopes<TDropout, M>(a, kept, slopes, mean.H, at + (35 * AttentionTile.Stride), query + 35, key, dp.R0.H, dp.R1.H, dp.R2.H, dp.R3.H);
                    var (dk, dv) = (places[1], places[2]);
                    Group.Barrier();
                    for (var column = 0; column < a.Width; column += AttentionTile.Size)
                    {
                        var columns = a.Width - column;
                        Sums sums = default;
                        if (!isFirst)
                        {
                            sums = AttentionTile.Read(a.Dv, dv + column, a.DvStride, keys, columns, thread, Quad.All(1f));
                        }

                        sums = AttentionTile.Combine(kept, slices, thread, a.Dy, dy + column, a.DyStride, queries, columns, sums);
                        AttentionTile.Write(a.Dv, dv + column, a.DvStride, keys, columns, thread, sums);
                    }

                    for (var column = 0; column < a.Width; column += AttentionTile.Size)
                    {
                        var columns = a.Width - column;
                        Sums sums = default;
                        if (!isFirst)
                        {
                            sums = AttentionTile.Read(a.Dk, dk + column, a.DkStride, keys, columns, thread, Quad.All(1f));
                        }

                        sums = AttentionTile.Combine(slopes, slices, thread, a.Q, q + column, a.QStride, queries, columns, sums);
                        AttentionTile.Write(a.Dk, dk + column, a.DkStride, keys, columns, thread, sums);
                    }
                }
            }
        }
    }

    // Slopes of one query's scores of eight keys.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Eight Slopes<M>(AttentionWork<M> a, Eight mask, int firstQuery, int line, int number, int firstKey, int thread, Eight scores, Eight dp, ArrayView<float> means)
        where M : struct, IMatrix
    {
        var logSum = firstQuery + number < a.Queries ? a.LogSums[line + number] : 0f;
        var p = AttentionScores.Exp(AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + number), firstKey, thread, scores), Eight.All(logSum));
        return AttentionScores.Slopes(p, dp, Eight.All(means[number]), a.Scale);
    }

    // Probabilities of one key and eight queries.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Eight Probabilities<M>(AttentionWork<M> a, int row, Eight limits, int key, Eight scores, Eight shift)
        where M : struct, IMatrix =>
        AttentionScores.Exp(AttentionScores.ShownOfKey(a.Scale, a.Mask(row, key), limits, key, scores), shift);

    // Of one query and a thread's four keys: slopes of their scores, and in place of the probabilities what dropout keeps of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Slopes<TDropout, M>(
        AttentionWork<M> a, ArrayView<Quad> kept, ArrayView<Quad> slopes, float mean, int at, int query, int key, float dp0, float dp1, float dp2, float dp3)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var p = kept[at];
        Quad keep = default, slope = default;
        keep.A = a.Keep<TDropout>(query, key);
        keep.B = a.Keep<TDropout>(query, key + 1);
        keep.C = a.Keep<TDropout>(query, key + 2);
        keep.D = a.Keep<TDropout>(query, key + 3);
        slope.A = p.A * (((dp0 * keep.A) - mean) * a.Scale);
        slope.B = p.B * (((dp1 * keep.B) - mean) * a.Scale);
        slope.C = p.C * (((dp2 * keep.C) - mean) * a.Scale);
        slope.D = p.D * (((dp3 * keep.D) - mean) * a.Scale);
        slopes[at] = slope;
        p.A *= keep.A;
        p.B *= keep.B;
        p.C *= keep.C;
        p.D *= keep.D;
        kept[at] = p;
    }
}
