using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>
/// Attention's backward by tensor cores, of elements of 16 bits, 64 queries by 64 keys at a time: dV = P^T dO, dS = P (dO V^T - sum(O dO)), dQ = dS K, dK = dS^T Q.
/// Probabilities and slopes are rounded where they are multiplied; sums are floats and stay in a warp's registers. Heads have 64 channels at most: those of more do
/// not fit the registers.
/// </summary>
internal static class AttentionBackwardByTensorCores
{
    /// <summary>A group has 64 queries of one head, each of its four warps 16 of them.</summary>
    public static void Queries<TDropout, M>(AttentionWork<M> a)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var memory = SharedMemory.Allocate<Words>(2 * 64 * 9).AsAligned(16);
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var toKeys = (int)TensorCore.SharedAddress(ref memory[0]);
        var toValues = toKeys + (AttentionTile.Size * TensorTokens<NarrowHead>.Stride);
        var (firstQuery, head, row) = AttentionWork<M>.Tile(group, a.Queries, a.Heads);
        var keyHead = head / (a.Heads / a.KeyHeads);
        var queries = AttentionWork<M>.InTile(a.Queries, firstQuery);
        var visible = a.Visible(firstQuery + queries - 1);
        var (lane, warp) = (thread & 31, thread >> 5);
        var (k, v) = (a.At(row, a.Keys, 0, a.KStride, keyHead), a.At(row, a.Keys, 0, a.VStride, keyHead));
        var (byTokens, byChannels, ownTokens) = (TensorTokens<NarrowHead>.ByTokens(lane), TensorTokens<NarrowHead>.ByChannels(lane), 16 * warp * TensorTokens<NarrowHead>.Stride);

        // A thread's rows: this one and the one eight below.
        var own = (16 * warp) + (lane >> 2);
        var line = (((row * a.Heads) + head) * a.Queries) + firstQuery + own;
        var (upper, lower) = (a.Limit(firstQuery + own), a.Limit(firstQuery + own + 8));
        var (hasUpper, hasLower) = (own < queries, own + 8 < queries);
        var (logSum, logSumLower) = (hasUpper ? a.LogSums[line] : 0f, hasLower ? a.LogSums[line + 8] : 0f);
        var mean = Mean(a, row, firstQuery + own, head, lane, hasUpper);
        var meanLower = Mean(a, row, firstQuery + own + 8, head, lane, hasLower);

        TensorTokens<NarrowHead>.Copy(a.Q, toKeys, thread, a.At(row, a.Queries, firstQuery, a.QStride, head), a.QStride, queries, a.Width);
        TensorTokens<NarrowHead>.Copy(a.Dy, toValues, thread, a.At(row, a.Queries, firstQuery, a.DyStride, head), a.DyStride, queries, a.Width);
        TensorCore.EndCopies();
        Group.Barrier();
        var q = TensorHead.Load(toKeys + ownTokens + byTokens);
        var dy = TensorHead.Load(toValues + ownTokens + byTokens);
        TensorRow o0 = default, o1 = default;
        Group.Barrier();
        for (var first = 0; first < visible; first += AttentionTile.Size)
        {
            TensorTokens<NarrowHead>.Copy(a.K, toKeys, thread, k + (first * a.KStride), a.KStride, a.Keys - first, a.Width);
            TensorTokens<NarrowHead>.Copy(a.V, toValues, thread, v + (first * a.VStride), a.VStride, a.Keys - first, a.Width);
            TensorCore.EndCopies();
            Group.Barrier();
            var (s0, s1) = TensorHead.Multiply(toKeys + byTokens, q);
            var (d0, d1) = TensorHead.Multiply(toValues + byTokens, dy);
            var key = first + (2 * (lane & 3));
            s0 = TensorScores.Exp(TensorScores.Shown(a, row, key, upper, lower, s0), logSum, logSumLower);
            s1 = TensorScores.Exp(TensorScores.Shown(a, row, key + 32, upper, lower, s1), logSum, logSumLower);
            d0 = TensorScores.Slopes(s0, TensorScores.Kept<TDropout, M>(a, line, key, d0), mean, meanLower, a.Scale);
            d1 = TensorScores.Slopes(s1, TensorScores.Kept<TDropout, M>(a, line, key + 32, d1), mean, meanLower, a.Scale);
            var (w0, w1) = (TensorScores.Rounded(d0.C0, d0.C1), TensorScores.Rounded(d0.C2, d0.C3));
            var (w2, w3) = (TensorScores.Rounded(d1.C0, d1.C1), TensorScores.Rounded(d1.C2, d1.C3));
            o0 = TensorTokens<NarrowHead>.Combine(toKeys + byChannels, 0, w0, w1, w2, w3, o0);
            o1 = TensorTokens<NarrowHead>.Combine(toKeys + byChannels, 1, w0, w1, w2, w3, o1);
            Group.Barrier();
        }

        var dq = a.At(row, a.Queries, firstQuery + own, a.DqStride, head);
        TensorTokens<NarrowHead>.Store(a.Dq, dq, a.DqStride, lane, 0, a.Width, hasUpper, hasLower, o0);
        TensorTokens<NarrowHead>.Store(a.Dq, dq, a.DqStride, lane, 1, a.Width, hasUpper, hasLower, o1);
    }

    /// <summary>A group has 64 keys of one key head, each of its four warps 16 of them, and sums over the heads that share it.</summary>
    public static void Keys<TDropout, M>(AttentionWork<M> a)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var memory = SharedMemory.Allocate<Words>(2 * 64 * 9).AsAligned(16);
        var means = SharedMemory.Allocate<float>(AttentionTile.Size);
        var logSums = SharedMemory.Allocate<float>(AttentionTile.Size);
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var toQueries = (int)TensorCore.SharedAddress(ref memory[0]);
        var toGradients = toQueries + (AttentionTile.Size * TensorTokens<NarrowHead>.Stride);
        var (firstKey, keyHead, row) = AttentionWork<M>.Tile(group, a.Keys, a.KeyHeads);
        var keys = AttentionWork<M>.InTile(a.Keys, firstKey);
        var (lane, warp) = (thread & 31, thread >> 5);
        var (byTokens, byChannels, ownTokens) = (TensorTokens<NarrowHead>.ByTokens(lane), TensorTokens<NarrowHead>.ByChannels(lane), 16 * warp * TensorTokens<NarrowHead>.Stride);

        // A thread's rows: this one and the one eight below.
        var own = (16 * warp) + (lane >> 2);
        var (mask, maskLower) = (a.Mask(row, firstKey + own), a.Mask(row, firstKey + own + 8));
        TensorTokens<NarrowHead>.Copy(a.K, toQueries, thread, a.At(row, a.Keys, firstKey, a.KStride, keyHead), a.KStride, keys, a.Width);
        TensorTokens<NarrowHead>.Copy(a.V, toGradients, thread, a.At(row, a.Keys, firstKey, a.VStride, keyHead), a.VStride, keys, a.Width);
        TensorCore.EndCopies();
        Group.Barrier();
        var k = TensorHead.Load(toQueries + ownTokens + byTokens);
        var v = TensorHead.Load(toGradients + ownTokens + byTokens);
        TensorRow k0 = default, k1 = default, v0 = default, v1 = default;
        Group.Barrier();
        var sharing = a.Heads / a.KeyHeads;
        for (var h = 0; h < sharing; h++)
        {
            var head = (keyHead * sharing) + h;
            for (var firstQuery = 0; firstQuery < a.Queries; firstQuery += AttentionTile.Size)
            {
                var queries = AttentionWork<M>.InTile(a.Queries, firstQuery);

                // Queries before all of these keys see none of them.
                if (a.Visible(firstQuery + queries - 1) > firstKey)
                {
                    var line = (((row * a.Heads) + head) * a.Queries) + firstQuery;
                    var dy = a.At(row, a.Queries, firstQuery, a.DyStride, head);
                    TensorTokens<NarrowHead>.Copy(a.Q, toQueries, thread, a.At(row, a.Queries, firstQuery, a.QStride, head), a.QStride, queries, a.Width);
                    TensorTokens<NarrowHead>.Copy(a.Dy, toGradients, thread, dy, a.DyStride, queries, a.Width);
                    if (thread < AttentionTile.Size)
                    {
                        means[thread] = thread < queries ? a.Mean(dy + (thread * a.DyStride), a.At(row, a.Queries, firstQuery + thread, a.YStride, head)) : 0f;
                        logSums[thread] = thread < queries ? a.LogSums[line + thread] : 0f;
                    }

                    TensorCore.EndCopies();
                    Group.Barrier();
                    var (s0, s1) = TensorHead.Multiply(toQueries + byTokens, k);
                    var (d0, d1) = TensorHead.Multiply(toGradients + byTokens, v);
                    for (var part = 0; part < 4; part++)
                    {
                        // 16 queries at a time, so that few rounded numbers are held; the others move up.
                        var query = (16 * part) + (2 * (lane & 3));
                        var (left, slopeLeft) = TensorScores.OfKeys<TDropout, M>(a, means, logSums, firstKey + own, mask, maskLower, firstQuery, line, query, s0.C0, d0.C0);
                        var (right, slopeRight) = TensorScores.OfKeys<TDropout, M>(a, means, logSums, firstKey + own, mask, maskLower, firstQuery, line, query + 8, s0.C1, d0.C1);
                        var (weights, slopes) = (TensorScores.Rounded(left, right), TensorScores.Rounded(slopeLeft, slopeRight));
                        var from = (16 * part * TensorTokens<NarrowHead>.Stride) + byChannels;
                        v0 = TensorTokens<NarrowHead>.Combine(toGradients + from, 0, weights, v0);
                        v1 = TensorTokens<NarrowHead>.Combine(toGradients + from, 1, weights, v1);
                        k0 = TensorTokens<NarrowHead>.Combine(toQueries + from, 0, slopes, k0);
                        k1 = TensorTokens<NarrowHead>.Combine(toQueries + from, 1, slopes, k1);
                        (s0.C0, s0.C1, s0.C2, s0.C3, s1.C0, s1.C1) = (s0.C2, s0.C3, s1.C0, s1.C1, s1.C2, s1.C3);
                        (d0.C0, d0.C1, d0.C2, d0.C3, d1.C0, d1.C1) = (d0.C2, d0.C3, d1.C0, d1.C1, d1.C2, d1.C3);
                    }

                    Group.Barrier();
                }
            }
        }

        var (dk, dv) = (a.At(row, a.Keys, firstKey + own, a.DkStride, keyHead), a.At(row, a.Keys, firstKey + own, a.DvStride, keyHead));
        var (hasUpper, hasLower) = (own < keys, own + 8 < keys);
        TensorTokens<NarrowHead>.Store(a.Dk, dk, a.DkStride, lane, 0, a.Width, hasUpper, hasLower, k0);
        TensorTokens<NarrowHead>.Store(a.Dk, dk, a.DkStride, lane, 1, a.Width, hasUpper, hasLower, k1);
        TensorTokens<NarrowHead>.Store(a.Dv, dv, a.DvStride, lane, 0, a.Width, hasUpper, hasLower, v0);
        TensorTokens<NarrowHead>.Store(a.Dv, dv, a.DvStride, lane, 1, a.Width, hasUpper, hasLower, v1);
    }

    // Output times its gradient, of a query that four threads share.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Mean<M>(AttentionWork<M> a, int row, int query, int head, int lane, bool isThere)
        where M : struct, IMatrix
    {
        var sum = 0f;
        if (isThere)
        {
            var (dy, y) = (a.At(row, a.Queries, query, a.DyStride, head), a.At(row, a.Queries, query, a.YStride, head));
            for (var d = lane & 3; d < a.Width; d += 4)
            {
                sum += a.Dy.Load(dy + d) * a.Y[y + d];
            }
        }

        return TensorTokens<NarrowHead>.SumOfFour(sum);
    }
}
