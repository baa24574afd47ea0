using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>
/// Attention's backward by tensor cores, of elements of 16 bits, 64 queries by 64 keys at a time: dV = P^T dO, dS = P (dO V^T - sum(O dO)), dQ = dS K, dK = dS^T Q.
/// Probabilities and slopes are rounded where they are multiplied; sums are floats and stay in a warp's registers. While a tile is worked on, the next is on its way to
/// shared memory. Heads have 64 channels at most: those of more do not fit the registers.
/// </summary>
internal static class AttentionBackwardByTensorCores
{
    // Bytes of a tile of tokens, and of the two tiles that are worked on together; the next two are behind them.
    private const int Tile = 64 * 9 * 16;
    private const int Tiles = 2 * Tile;

    // Pieces of 16 bytes that all four have.
    private const int Pieces = 4 * 64 * 9;

    /// <summary>A group has 64 queries of one head, each of its four warps 16 of them. It writes the numbers of each query that <see cref="Keys"/> reads.</summary>
    public static void Queries<TDropout, M>(AttentionWork<M> a)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var memory = SharedMemory.Allocate<Words>(Pieces).AsAligned(16);
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var shared = (int)TensorCore.SharedAddress(ref memory[0]);
        var (firstQuery, head, row) = AttentionWork<M>.LastTileFirst(group, a.Queries, a.Heads);
        var keyHead = head / (a.Heads / a.KeyHeads);
        var queries = AttentionWork<M>.InTile(a.Queries, firstQuery);
        var visible = a.Visible(firstQuery + queries - 1);
        var (lane, warp) = (thread & 31, thread >> 5);
        var (byTokens, byChannels, ownTokens) = (TensorTokens<NarrowHead>.ByTokens(lane), TensorTokens<NarrowHead>.ByChannels(lane), 16 * warp * TensorTokens<NarrowHead>.Stride);

        // A thread's rows: this one and the one eight below.
        var own = (16 * warp) + (lane >> 2);
        var line = (((row * a.Heads) + head) * a.Queries) + firstQuery + own;
        var (upper, lower) = (a.Limit(firstQuery + own), a.Limit(firstQuery + own + 8));
        var (hasUpper, hasLower) = (own < queries, own + 8 < queries);

        // Tiles up to here are seen as a whole by all queries of the warp, but for keys that the mask hides.
        var whole = a.Visible(firstQuery + (16 * warp));
        var ownQueries = TensorStream<NarrowHead>.Of(a.Q, thread, a.At(row, a.Queries, firstQuery, a.QStride, head), a.QStride, queries, a.Width);
        var ownGradients = TensorStream<NarrowHead>.Of(a.Dy, thread, a.At(row, a.Queries, firstQuery, a.DyStride, head), a.DyStride, queries, a.Width);
        var keys = TensorStream<NarrowHead>.Of(a.K, thread, a.At(row, a.Keys, 0, a.KStride, keyHead), a.KStride, a.Keys, a.Width);
        var values = TensorStream<NarrowHead>.Of(a.V, thread, a.At(row, a.Keys, 0, a.VStride, keyHead), a.VStride, a.Keys, a.Width);
        TensorStream<NarrowHead>.Copy(ownQueries, shared + Tiles);
        TensorStream<NarrowHead>.Copy(ownGradients, shared + Tiles + Tile);
        keys = TensorStream<NarrowHead>.Copy(keys, shared);
        values = TensorStream<NarrowHead>.Copy(values, shared + Tile);
        var (logSum, logSumLower) = (hasUpper ? a.LogSums[line] * TensorScores.Log2OfE : 0f, hasLower ? a.LogSums[line + 8] * TensorScores.Log2OfE : 0f);
        TensorCore.EndCopies();
        Group.Barrier();
        var q = TensorHead.Load(shared + Tiles + ownTokens + byTokens);
        var dy = TensorHead.Load(shared + Tiles + Tile + ownTokens + byTokens);
        var mean = Mean(a, row, firstQuery + own, head, lane, hasUpper, dy.C0.A, dy.C0.C, dy.C1.A, dy.C1.C, dy.C2.A, dy.C2.C, dy.C3.A, dy.C3.C);
        var meanLower = Mean(a, row, firstQuery + own + 8, head, lane, hasLower, dy.C0.B, dy.C0.D, dy.C1.B, dy.C1.D, dy.C2.B, dy.C2.D, dy.C3.B, dy.C3.D);
        if ((lane & 3) == 0)
        {
            SetNumbers(a, line, hasUpper, logSum, mean);
            SetNumbers(a, line + 8, hasLower, logSumLower, meanLower);
        }

        var scale = a.Scale * TensorScores.Log2OfE;
        TensorRow o0 = default, o1 = default;
        Group.Barrier();
        var at = 0;
        for (var first = 0; first < visible; first += AttentionTile.Size)
        {
            if (first + AttentionTile.Size < visible)
            {
                keys = TensorStream<NarrowHead>.Copy(keys, shared + Tiles - at);
                values = TensorStream<NarrowHead>.Copy(values, shared + Tiles - at + Tile);
            }

            // 32 keys at a time, so that few scores are held.
            var (key, to, isWhole) = (first + (2 * (lane & 3)), shared + at, first + AttentionTile.Size <= whole);
            var s = TensorHead.Multiply(to + byChannels, q);
            var d = TensorHead.Multiply(to + Tile + byChannels, dy);
            if (!isWhole)
            {
                s = TensorScores.Seen(s, upper - key, lower - key);
            }

            if (a.IsMasked != 0)
            {
                s = TensorScores.Shown(a, row, key, s);
            }

            s = TensorScores.Exp2(s, scale, logSum, logSumLower);
            d = TensorScores.Slopes(s, TensorScores.Kept<TDropout, M>(a, line, key, d), mean, meanLower);
            var (w0, w1) = (TensorScores.Rounded(d.C0, d.C1), TensorScores.Rounded(d.C2, d.C3));
            o0 = TensorTokens<NarrowHead>.Combine(to + byTokens, 0, w0, w1, o0);
            o1 = TensorTokens<NarrowHead>.Combine(to + byTokens, 1, w0, w1, o1);
            (key, to) = (key + 32, to + (32 * TensorTokens<NarrowHead>.Stride));
            s = TensorHead.Multiply(to + byChannels, q);
            d = TensorHead.Multiply(to + Tile + byChannels, dy);
            if (!isWhole)
            {
                s = TensorScores.Seen(s, upper - key, lower - key);
            }

            if (a.IsMasked != 0)
            {
                s = TensorScores.Shown(a, row, key, s);
            }

            s = TensorScores.Exp2(s, scale, logSum, logSumLower);
            d = TensorScores.Slopes(s, TensorScores.Kept<TDropout, M>(a, line, key, d), mean, meanLower);
            (w0, w1) = (TensorScores.Rounded(d.C0, d.C1), TensorScores.Rounded(d.C2, d.C3));
            o0 = TensorTokens<NarrowHead>.Combine(to + byTokens, 0, w0, w1, o0);
            o1 = TensorTokens<NarrowHead>.Combine(to + byTokens, 1, w0, w1, o1);
            TensorCore.EndCopies();
            Group.Barrier();
            at = Tiles - at;
        }

        var dq = a.At(row, a.Queries, firstQuery + own, a.DqStride, head);
        TensorTokens<NarrowHead>.Store(a.Dq, dq, a.DqStride, lane, 0, a.Width, hasUpper, hasLower, TensorRow.Multiply(o0, a.Scale, a.Scale));
        TensorTokens<NarrowHead>.Store(a.Dq, dq, a.DqStride, lane, 1, a.Width, hasUpper, hasLower, TensorRow.Multiply(o1, a.Scale, a.Scale));
    }

    /// <summary>A group has 64 keys of one key head, each of its four warps 16 of them, and sums over the heads that share it.</summary>
    public static void Keys<TDropout, M>(AttentionWork<M> a)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        // Behind the tiles are the numbers of their queries, 8 bytes each.
        var memory = SharedMemory.Allocate<Words>(Pieces + 64).AsAligned(16);
        var numbers = memory.Cast<Quad>();
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var shared = (int)TensorCore.SharedAddress(ref memory[0]);
        var (firstKey, keyHead, row) = AttentionWork<M>.Tile(group, a.Keys, a.KeyHeads);
        var keys = AttentionWork<M>.InTile(a.Keys, firstKey);
        var (lane, warp) = (thread & 31, thread >> 5);
        var (byTokens, byChannels, ownTokens) = (TensorTokens<NarrowHead>.ByTokens(lane), TensorTokens<NarrowHead>.ByChannels(lane), 16 * warp * TensorTokens<NarrowHead>.Stride);

        // A thread's rows: this one and the one eight below.
        var own = (16 * warp) + (lane >> 2);
        var key = firstKey + own;
        TensorStream<NarrowHead>.Copy(TensorStream<NarrowHead>.Of(a.K, thread, a.At(row, a.Keys, firstKey, a.KStride, keyHead), a.KStride, keys, a.Width), shared);
        TensorStream<NarrowHead>.Copy(TensorStream<NarrowHead>.Of(a.V, thread, a.At(row, a.Keys, firstKey, a.VStride, keyHead), a.VStride, keys, a.Width), shared + Tile);
        TensorCore.EndCopies();
        Group.Barrier();
        var k = TensorHead.Load(shared + ownTokens + byTokens);
        var v = TensorHead.Load(shared + Tile + ownTokens + byTokens);
        TensorRow k0 = default, k1 = default, v0 = default, v1 = default;
        Group.Barrier();

        // Queries before all of these keys see none of them.
        var before = firstKey + a.Queries - a.Keys;
        var begin = a.IsCausal == 0 || before < 0 ? 0 : before & -AttentionTile.Size;
        var scale = a.Scale * TensorScores.Log2OfE;
        var sharing = a.Heads / a.KeyHeads;
        for (var h = 0; h < sharing; h++)
        {
            var head = (keyHead * sharing) + h;
            var line = (((row * a.Heads) + head) * a.Queries) + begin;
            var queries = TensorStream<NarrowHead>.Of(a.Q, thread, a.At(row, a.Queries, begin, a.QStride, head), a.QStride, a.Queries - begin, a.Width);
            var gradients = TensorStream<NarrowHead>.Of(a.Dy, thread, a.At(row, a.Queries, begin, a.DyStride, head), a.DyStride, a.Queries - begin, a.Width);
            queries = TensorStream<NarrowHead>.Copy(queries, shared);
            gradients = TensorStream<NarrowHead>.Copy(gradients, shared + Tile);
            CopyNumbers(a, shared, 0, thread, line, a.Queries - begin);
            TensorCore.EndCopies();
            Group.Barrier();
            var side = 0;
            for (var first = begin; first < a.Queries; first += AttentionTile.Size)
            {
                var next = first + AttentionTile.Size;
                if (next < a.Queries)
                {
                    var there = shared + ((1 - side) * Tiles);
                    queries = TensorStream<NarrowHead>.Copy(queries, there);
                    gradients = TensorStream<NarrowHead>.Copy(gradients, there + Tile);
                    CopyNumbers(a, shared, 1 - side, thread, line + AttentionTile.Size, a.Queries - next);
                }

                // 32 queries at a time, so that few scores are held.
                var to = shared + (side * Tiles);
                var number = Pieces + (32 * side) + (lane & 3);
                var isWhole = a.IsCausal == 0 || first - before > (16 * warp) + 14;
                var column = 2 * (lane & 3);
                var s = TensorHead.Multiply(to + byChannels, k);
                var d = TensorHead.Multiply(to + Tile + byChannels, v);
                if (!isWhole)
                {
                    s = TensorScores.SeenOfKeys(s, first + column + firstKey + 1 - before - key);
                }

                (var w0, var w1, d) = OfKeys<TDropout, M>(a, scale, numbers, number, line + column, key, s, d);
                v0 = TensorTokens<NarrowHead>.Combine(to + Tile + byTokens, 0, w0, w1, v0);
                v1 = TensorTokens<NarrowHead>.Combine(to + Tile + byTokens, 1, w0, w1, v1);
                (w0, w1) = (TensorScores.Rounded(d.C0, d.C1), TensorScores.Rounded(d.C2, d.C3));
                k0 = TensorTokens<NarrowHead>.Combine(to + byTokens, 0, w0, w1, k0);
                k1 = TensorTokens<NarrowHead>.Combine(to + byTokens, 1, w0, w1, k1);
                (column, to) = (column + 32, to + (32 * TensorTokens<NarrowHead>.Stride));
                s = TensorHead.Multiply(to + byChannels, k);
                d = TensorHead.Multiply(to + Tile + byChannels, v);
                if (!isWhole)
                {
                    s = TensorScores.SeenOfKeys(s, first + column + firstKey + 1 - before - key);
                }

                (w0, w1, d) = OfKeys<TDropout, M>(a, scale, numbers, number + 16, line + column, key, s, d);
                v0 = TensorTokens<NarrowHead>.Combine(to + Tile + byTokens, 0, w0, w1, v0);
                v1 = TensorTokens<NarrowHead>.Combine(to + Tile + byTokens, 1, w0, w1, v1);
                (w0, w1) = (TensorScores.Rounded(d.C0, d.C1), TensorScores.Rounded(d.C2, d.C3));
                k0 = TensorTokens<NarrowHead>.Combine(to + byTokens, 0, w0, w1, k0);
                k1 = TensorTokens<NarrowHead>.Combine(to + byTokens, 1, w0, w1, k1);
                TensorCore.EndCopies();
                Group.Barrier();
                (side, line) = (1 - side, line + AttentionTile.Size);
            }
        }

        // A key that the mask hides has rows of sums like others, but of nothing that is.
        var (dk, dv) = (a.At(row, a.Keys, key, a.DkStride, keyHead), a.At(row, a.Keys, key, a.DvStride, keyHead));
        var (hasUpper, hasLower) = (own < keys, own + 8 < keys);
        var (isShown, isLowerShown) = (a.Mask(row, key) == 0f, a.Mask(row, key + 8) == 0f);
        TensorTokens<NarrowHead>.Store(a.Dk, dk, a.DkStride, lane, 0, a.Width, hasUpper, hasLower, TensorRow.Shown(TensorRow.Multiply(k0, a.Scale, a.Scale), isShown, isLowerShown));
        TensorTokens<NarrowHead>.Store(a.Dk, dk, a.DkStride, lane, 1, a.Width, hasUpper, hasLower, TensorRow.Shown(TensorRow.Multiply(k1, a.Scale, a.Scale), isShown, isLowerShown));
        TensorTokens<NarrowHead>.Store(a.Dv, dv, a.DvStride, lane, 0, a.Width, hasUpper, hasLower, TensorRow.Shown(v0, isShown, isLowerShown));
        TensorTokens<NarrowHead>.Store(a.Dv, dv, a.DvStride, lane, 1, a.Width, hasUpper, hasLower, TensorRow.Shown(v1, isShown, isLowerShown));
    }

    // Of 16 keys by 32 queries: two fragments of what dropout keeps of the probabilities, and the slopes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Words Left, Words Right, TensorRow Slopes) OfKeys<TDropout, M>(AttentionWork<M> a, float scale, ArrayView<Quad> numbers, int number, int line, int key, TensorRow s, TensorRow d)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        (s.C0, d.C0) = TensorScores.OfKeys<TDropout, M>(a, scale, numbers[number], line, key, s.C0, d.C0);
        (s.C1, d.C1) = TensorScores.OfKeys<TDropout, M>(a, scale, numbers[number + 4], line + 8, key, s.C1, d.C1);
        (s.C2, d.C2) = TensorScores.OfKeys<TDropout, M>(a, scale, numbers[number + 8], line + 16, key, s.C2, d.C2);
        (s.C3, d.C3) = TensorScores.OfKeys<TDropout, M>(a, scale, numbers[number + 12], line + 24, key, s.C3, d.C3);
        return (TensorScores.Rounded(s.C0, s.C1), TensorScores.Rounded(s.C2, s.C3), d);
    }

    // Zeros behind the last query: with its zeros of gradients it adds nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyNumbers<M>(AttentionWork<M> a, int shared, int side, int thread, int line, int count)
        where M : struct, IMatrix
    {
        if (thread < AttentionTile.Size)
        {
            var isThere = thread < count;
            TensorCore.CopyPair((uint)(shared + (16 * Pieces) + (8 * ((AttentionTile.Size * side) + thread))), TensorCore.Address(ref a.Numbers[isThere ? 2 * (line + thread) : 0]), isThere ? 8 : 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetNumbers<M>(AttentionWork<M> a, int line, bool isThere, float logSum, float mean)
        where M : struct, IMatrix
    {
        if (isThere)
        {
            a.Numbers[2 * line] = logSum;
            a.Numbers[(2 * line) + 1] = mean;
        }
    }

    // Output times its gradient, of a query that four threads share: each has two neighbouring channels of eight in a word.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Mean<M>(AttentionWork<M> a, int row, int query, int head, int lane, bool isThere, uint w0, uint w1, uint w2, uint w3, uint w4, uint w5, uint w6, uint w7)
        where M : struct, IMatrix
    {
        var (y, channels) = (a.At(row, a.Queries, query, a.YStride, head) + (2 * (lane & 3)), isThere ? a.Width : 0);
        var left = Mean(a.Y, y, channels > 0, w0) + Mean(a.Y, y + 8, channels > 8, w1) + Mean(a.Y, y + 16, channels > 16, w2) + Mean(a.Y, y + 24, channels > 24, w3);
        var right = Mean(a.Y, y + 32, channels > 32, w4) + Mean(a.Y, y + 40, channels > 40, w5) + Mean(a.Y, y + 48, channels > 48, w6) + Mean(a.Y, y + 56, channels > 56, w7);
        return TensorTokens<NarrowHead>.SumOfFour(left + right);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Mean(ArrayView<float> y, int at, bool isThere, uint word)
    {
        var sum = 0f;
        if (isThere)
        {
            sum = (Interop.IntAsFloat(word << 16) * y[at]) + (Interop.IntAsFloat(word & 0xFFFF0000u) * y[at + 1]);
        }

        return sum;
    }
}
