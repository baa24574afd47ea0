using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>
/// Attention's forward by tensor cores, of elements of 16 bits: a group has 64 queries of one head, each of its four warps 16 of them, and goes through the
/// keys 64 at a time; while it multiplies keys, values are on their way to shared memory, and the other way round. Scores, their softmax and the output's sums
/// are floats and stay in a warp's registers; probabilities are rounded where they are multiplied. Every 16 bytes are inside or outside of a
/// head as a whole, and aligned (<see cref="TensorForms"/>).
/// </summary>
internal static class AttentionByTensorCores<TWidth>
    where TWidth : struct, IHeadWidth
{
    public static void Body<TDropout, M>(AttentionWork<M> a)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var memory = SharedMemory.Allocate<Words>(2 * 64 * ((1 << TWidth.Bits) + 1)).AsAligned(16);
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var toKeys = (int)TensorCore.SharedAddress(ref memory[0]);
        var toValues = toKeys + (AttentionTile.Size * TensorTokens<TWidth>.Stride);
        var (firstQuery, head, row) = AttentionWork<M>.LastTileFirst(group, a.Queries, a.Heads);
        var keyHead = head / (a.Heads / a.KeyHeads);
        var queries = AttentionWork<M>.InTile(a.Queries, firstQuery);
        var visible = a.Visible(firstQuery + queries - 1);
        var (lane, warp) = (thread & 31, thread >> 5);
        var keys = TensorStream<TWidth>.Of(a.K, thread, a.At(row, a.Keys, 0, a.KStride, keyHead), a.KStride, a.Keys, a.Width);
        var values = TensorStream<TWidth>.Of(a.V, thread, a.At(row, a.Keys, 0, a.VStride, keyHead), a.VStride, a.Keys, a.Width);
        var byTokens = TensorTokens<TWidth>.ByTokens(lane);
        var (fromKeys, fromValues, fromQueries) = (toKeys + TensorTokens<TWidth>.ByChannels(lane), toValues + byTokens, toKeys + (16 * warp * TensorTokens<TWidth>.Stride) + byTokens);

        // A thread's rows: this one and the one eight below.
        var own = (16 * warp) + (lane >> 2);
        var line = (((row * a.Heads) + head) * a.Queries) + firstQuery + own;
        var (upper, lower) = (a.Limit(firstQuery + own), a.Limit(firstQuery + own + 8));
        var (largest, largestLower, total, totalLower) = (float.NegativeInfinity, float.NegativeInfinity, 0f, 0f);
        TensorRow o0 = default, o1 = default, o2 = default, o3 = default;

        // Tiles up to here are seen as a whole by all queries of the warp, but for keys that the mask hides.
        var whole = a.Visible(firstQuery + (16 * warp));
        var scale = a.Scale * TensorScores.Log2OfE;
        TensorStream<TWidth>.Copy(TensorStream<TWidth>.Of(a.Q, thread, a.At(row, a.Queries, firstQuery, a.QStride, head), a.QStride, queries, a.Width), toKeys);
        TensorCore.EndCopies();
        Group.Barrier();
        Words q0 = TensorTokens<TWidth>.Load(fromQueries, 0), q1 = TensorTokens<TWidth>.Load(fromQueries, 1), q2 = TensorTokens<TWidth>.Load(fromQueries, 2), q3 = TensorTokens<TWidth>.Load(fromQueries, 3);
        Words q4 = default, q5 = default, q6 = default, q7 = default;
        if (TWidth.Bits == 4)
        {
            q4 = TensorTokens<TWidth>.Load(fromQueries, 4);
            q5 = TensorTokens<TWidth>.Load(fromQueries, 5);
            q6 = TensorTokens<TWidth>.Load(fromQueries, 6);
            q7 = TensorTokens<TWidth>.Load(fromQueries, 7);
        }

        Group.Barrier();
        keys = TensorStream<TWidth>.Copy(keys, toKeys);
        TensorCore.EndCopies();
        Group.Barrier();
        for (var first = 0; first < visible; first += AttentionTile.Size)
        {
            values = TensorStream<TWidth>.Copy(values, toValues);
            TensorRow s0 = TensorRow.Begin(), s1 = TensorRow.Begin();
            (s0, s1) = TensorTokens<TWidth>.Multiply(fromKeys, 0, q0, s0, s1);
            (s0, s1) = TensorTokens<TWidth>.Multiply(fromKeys, 1, q1, s0, s1);
            (s0, s1) = TensorTokens<TWidth>.Multiply(fromKeys, 2, q2, s0, s1);
            (s0, s1) = TensorTokens<TWidth>.Multiply(fromKeys, 3, q3, s0, s1);
            if (TWidth.Bits == 4)
            {
                (s0, s1) = TensorTokens<TWidth>.Multiply(fromKeys, 4, q4, s0, s1);
                (s0, s1) = TensorTokens<TWidth>.Multiply(fromKeys, 5, q5, s0, s1);
                (s0, s1) = TensorTokens<TWidth>.Multiply(fromKeys, 6, q6, s0, s1);
                (s0, s1) = TensorTokens<TWidth>.Multiply(fromKeys, 7, q7, s0, s1);
            }

            var key = first + (2 * (lane & 3));
            if (first + AttentionTile.Size > whole)
            {
                s0 = TensorScores.Seen(s0, upper - key, lower - key);
                s1 = TensorScores.Seen(s1, upper - key - 32, lower - key - 32);
            }

            if (a.IsMasked != 0)
            {
                s0 = TensorScores.Shown(a, row, key, s0);
                s1 = TensorScores.Shown(a, row, key + 32, s1);
            }

            var (now, nowLower) = (Largest(TensorScores.LargestUpper(s0), TensorScores.LargestUpper(s1), largest), Largest(TensorScores.LargestLower(s0), TensorScores.LargestLower(s1), largestLower));

            // While no key was shown, every score is -infinity: nothing is added, whatever the shift.
            var (shift, shiftLower) = (now == float.NegativeInfinity ? 0f : scale * now, nowLower == float.NegativeInfinity ? 0f : scale * nowLower);
            var (rescale, rescaleLower) = (TensorCore.Exp2((scale * largest) - shift), TensorCore.Exp2((scale * largestLower) - shiftLower));
            (largest, largestLower) = (now, nowLower);
            s0 = TensorScores.Exp2(s0, scale, shift, shiftLower);
            s1 = TensorScores.Exp2(s1, scale, shift, shiftLower);
            total = (total * rescale) + (TensorScores.SumUpper(s0) + TensorScores.SumUpper(s1));
            totalLower = (totalLower * rescaleLower) + (TensorScores.SumLower(s0) + TensorScores.SumLower(s1));
            s0 = TensorScores.Kept<TDropout, M>(a, line, key, s0);
            s1 = TensorScores.Kept<TDropout, M>(a, line, key + 32, s1);
            var (p0, p1) = (TensorScores.Rounded(s0.C0, s0.C1), TensorScores.Rounded(s0.C2, s0.C3));
            var (p2, p3) = (TensorScores.Rounded(s1.C0, s1.C1), TensorScores.Rounded(s1.C2, s1.C3));
            TensorCore.EndCopies();
            Group.Barrier();

            // What lies behind the keys becomes zeros that nobody reads.
            keys = TensorStream<TWidth>.Copy(keys, toKeys);
            o0 = TensorTokens<TWidth>.Combine(fromValues, 0, p0, p1, p2, p3, TensorRow.Multiply(o0, rescale, rescaleLower));
            o1 = TensorTokens<TWidth>.Combine(fromValues, 1, p0, p1, p2, p3, TensorRow.Multiply(o1, rescale, rescaleLower));
            if (TWidth.Bits == 4)
            {
                o2 = TensorTokens<TWidth>.Combine(fromValues, 2, p0, p1, p2, p3, TensorRow.Multiply(o2, rescale, rescaleLower));
                o3 = TensorTokens<TWidth>.Combine(fromValues, 3, p0, p1, p2, p3, TensorRow.Multiply(o3, rescale, rescaleLower));
            }

            TensorCore.EndCopies();
            Group.Barrier();
        }

        total = TensorTokens<TWidth>.SumOfFour(total);
        totalLower = TensorTokens<TWidth>.SumOfFour(totalLower);
        var (factor, factorLower) = (total == 0f ? 0f : 1f / total, totalLower == 0f ? 0f : 1f / totalLower);
        var y = a.At(row, a.Queries, firstQuery + own, a.YStride, head);
        var (hasUpper, hasLower) = (own < queries, own + 8 < queries);
        TensorTokens<TWidth>.Store(a.Y, y, a.YStride, lane, 0, a.Width, hasUpper, hasLower, TensorRow.Multiply(o0, factor, factorLower));
        TensorTokens<TWidth>.Store(a.Y, y, a.YStride, lane, 1, a.Width, hasUpper, hasLower, TensorRow.Multiply(o1, factor, factorLower));
        if (TWidth.Bits == 4)
        {
            TensorTokens<TWidth>.Store(a.Y, y, a.YStride, lane, 2, a.Width, hasUpper, hasLower, TensorRow.Multiply(o2, factor, factorLower));
            TensorTokens<TWidth>.Store(a.Y, y, a.YStride, lane, 3, a.Width, hasUpper, hasLower, TensorRow.Multiply(o3, factor, factorLower));
        }

        if ((lane & 3) == 0)
        {
            LogSum(a.LogSums, line, hasUpper, a.Scale * largest, total);
            LogSum(a.LogSums, line + 8, hasLower, a.Scale * largestLower, totalLower);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LogSum(ArrayView<float> logSums, int line, bool isThere, float largest, float total)
    {
        if (isThere)
        {
            logSums[line] = total == 0f ? 0f : largest + DeviceMath.Log(total);
        }
    }

    // Over the four threads that share a row, and what was before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(float left, float right, float before)
    {
        var value = DeviceMath.Max(left, right);
        value = DeviceMath.Max(Warp.ShuffleXor(value, 1), value);
        value = DeviceMath.Max(Warp.ShuffleXor(value, 2), value);
        return DeviceMath.Max(value, before);
    }
}
