using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Attention's backward for devices with fast group memory, 64 queries by 64 keys at a time: dV = P^T dO, dS = P (dO V^T - sum(O dO)), dQ = dS K, dK = dS^T Q.</summary>
internal static class AttentionBackwardTiles
{
    /// <summary>A group has 64 queries of one head.</summary>
    public static void Queries<TDropout>(AttentionWork a)
        where TDropout : struct, IDropout
    {
        var slices = SharedMemory.Allocate<Quad>(2 * AttentionTile.Slice);
        var tile = SharedMemory.Allocate<Quad>(AttentionTile.Whole);
        var means = SharedMemory.Allocate<float>(AttentionTile.Size);
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var tiles = (a.Queries + AttentionTile.Size - 1) / AttentionTile.Size;
        var firstQuery = group % tiles * AttentionTile.Size;
        var head = group / tiles % a.Heads;
        var row = group / tiles / a.Heads;
        var keyHead = head / (a.Heads / a.KeyHeads);
        var line = (((row * a.Heads) + head) * a.Queries) + firstQuery;
        var queries = a.Queries - firstQuery < AttentionTile.Size ? a.Queries - firstQuery : AttentionTile.Size;
        var visible = a.Visible(firstQuery + queries - 1);
        var (q, dy) = (a.At(row, a.Queries, firstQuery, a.QStride, head), a.At(row, a.Queries, firstQuery, a.DyStride, head));
        var (y, dq) = (thread >> 3, a.At(row, a.Queries, firstQuery, a.DqStride, head));
        means[thread] = thread < queries ? a.Dot(a.Dy, dy + (thread * a.DyStride), a.Y, a.At(row, a.Queries, firstQuery + thread, a.YStride, head)) : 0f;
        Group.Barrier();

        // The first tile is always gone through: what no key is shown to gets zeros.
        for (var first = 0; first < visible || first == 0; first += AttentionTile.Size)
        {
            var keys = a.Keys - first < AttentionTile.Size ? a.Keys - first : AttentionTile.Size;
            var k = a.At(row, a.Keys, first, a.KStride, keyHead);
            var p = AttentionTile.Products(slices, thread, a.Width, a.Q, q, a.QStride, queries, a.K, k, a.KStride, keys);
            var dp = AttentionTile.Products(slices, thread, a.Width, a.Dy, dy, a.DyStride, queries, a.V, a.At(row, a.Keys, first, a.VStride, keyHead), a.VStride, keys);
            var mask = AttentionScores.Mask(a, row, first, thread);
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 0), thread, Slopes<TDropout>(a, mask, firstQuery, line, AttentionTile.Row(y, 0), first, thread, p.R0, dp.R0, means));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 1), thread, Slopes<TDropout>(a, mask, firstQuery, line, AttentionTile.Row(y, 1), first, thread, p.R1, dp.R1, means));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 2), thread, Slopes<TDropout>(a, mask, firstQuery, line, AttentionTile.Row(y, 2), first, thread, p.R2, dp.R2, means));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 3), thread, Slopes<TDropout>(a, mask, firstQuery, line, AttentionTile.Row(y, 3), first, thread, p.R3, dp.R3, means));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 4), thread, Slopes<TDropout>(a, mask, firstQuery, line, AttentionTile.Row(y, 4), first, thread, p.R4, dp.R4, means));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 5), thread, Slopes<TDropout>(a, mask, firstQuery, line, AttentionTile.Row(y, 5), first, thread, p.R5, dp.R5, means));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 6), thread, Slopes<TDropout>(a, mask, firstQuery, line, AttentionTile.Row(y, 6), first, thread, p.R6, dp.R6, means));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 7), thread, Slopes<TDropout>(a, mask, firstQuery, line, AttentionTile.Row(y, 7), first, thread, p.R7, dp.R7, means));
            Group.Barrier();
            for (var column = 0; column < a.Width; column += AttentionTile.Size)
            {
                var columns = a.Width - column;
                Sums sums = default;
                if (first > 0)
                {
                    sums.R0 = AttentionTile.Read(a.Dq, dq + (AttentionTile.Row(y, 0) * a.DqStride) + column, AttentionTile.Row(y, 0) < queries, thread, columns, 1f);
                    sums.R1 = AttentionTile.Read(a.Dq, dq + (AttentionTile.Row(y, 1) * a.DqStride) + column, AttentionTile.Row(y, 1) < queries, thread, columns, 1f);
                    sums.R2 = AttentionTile.Read(a.Dq, dq + (AttentionTile.Row(y, 2) * a.DqStride) + column, AttentionTile.Row(y, 2) < queries, thread, columns, 1f);
                    sums.R3 = AttentionTile.Read(a.Dq, dq + (AttentionTile.Row(y, 3) * a.DqStride) + column, AttentionTile.Row(y, 3) < queries, thread, columns, 1f);
                    sums.R4 = AttentionTile.Read(a.Dq, dq + (AttentionTile.Row(y, 4) * a.DqStride) + column, AttentionTile.Row(y, 4) < queries, thread, columns, 1f);
                    sums.R5 = AttentionTile.Read(a.Dq, dq + (AttentionTile.Row(y, 5) * a.DqStride) + column, AttentionTile.Row(y, 5) < queries, thread, columns, 1f);
                    sums.R6 = AttentionTile.Read(a.Dq, dq + (AttentionTile.Row(y, 6) * a.DqStride) + column, AttentionTile.Row(y, 6) < queries, thread, columns, 1f);
                    sums.R7 = AttentionTile.Read(a.Dq, dq + (AttentionTile.Row(y, 7) * a.DqStride) + column, AttentionTile.Row(y, 7) < queries, thread, columns, 1f);
                }

                sums = AttentionTile.Combine(tile, slices, thread, a.K, k + column, a.KStride, keys, columns, sums);
                AttentionTile.Write(a.Dq, dq + (AttentionTile.Row(y, 0) * a.DqStride) + column, AttentionTile.Row(y, 0) < queries, thread, columns, sums.R0);
                AttentionTile.Write(a.Dq, dq + (AttentionTile.Row(y, 1) * a.DqStride) + column, AttentionTile.Row(y, 1) < queries, thread, columns, sums.R1);
                AttentionTile.Write(a.Dq, dq + (AttentionTile.Row(y, 2) * a.DqStride) + column, AttentionTile.Row(y, 2) < queries, thread, columns, sums.R2);
                AttentionTile.Write(a.Dq, dq + (AttentionTile.Row(y, 3) * a.DqStride) + column, AttentionTile.Row(y, 3) < queries, thread, columns, sums.R3);
                AttentionTile.Write(a.Dq, dq + (AttentionTile.Row(y, 4) * a.DqStride) + column, AttentionTile.Row(y, 4) < queries, thread, columns, sums.R4);
                AttentionTile.Write(a.Dq, dq + (AttentionTile.Row(y, 5) * a.DqStride) + column, AttentionTile.Row(y, 5) < queries, thread, columns, sums.R5);
                AttentionTile.Write(a.Dq, dq + (AttentionTile.Row(y, 6) * a.DqStride) + column, AttentionTile.Row(y, 6) < queries, thread, columns, sums.R6);
                AttentionTile.Write(a.Dq, dq + (AttentionTile.Row(y, 7) * a.DqStride) + column, AttentionTile.Row(y, 7) < queries, thread, columns, sums.R7);
            }
        }
    }

    /// <summary>A group has 64 keys of one key head, and sums over the heads that share it.</summary>
    public static void Keys<TDropout>(AttentionWork a)
        where TDropout : struct, IDropout
    {
        var slices = SharedMemory.Allocate<Quad>(2 * AttentionTile.Slice);
        var tile = SharedMemory.Allocate<Quad>(AttentionTile.Whole);
        var means = SharedMemory.Allocate<float>(AttentionTile.Size);
        var logSums = SharedMemory.Allocate<float>(AttentionTile.Size);
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var tiles = (a.Keys + AttentionTile.Size - 1) / AttentionTile.Size;
        var firstKey = group % tiles * AttentionTile.Size;
        var keyHead = group / tiles % a.KeyHeads;
        var row = group / tiles / a.KeyHeads;
        var keys = a.Keys - firstKey < AttentionTile.Size ? a.Keys - firstKey : AttentionTile.Size;
        var (k, v) = (a.At(row, a.Keys, firstKey, a.KStride, keyHead), a.At(row, a.Keys, firstKey, a.VStride, keyHead));
        var (dk, dv) = (a.At(row, a.Keys, firstKey, a.DkStride, keyHead), a.At(row, a.Keys, firstKey, a.DvStride, keyHead));
        var y = thread >> 3;
        var sharing = a.Heads / a.KeyHeads;
        for (var h = 0; h < sharing; h++)
        {
            var head = (keyHead * sharing) + h;
            for (var firstQuery = 0; firstQuery < a.Queries; firstQuery += AttentionTile.Size)
            {
                var queries = a.Queries - firstQuery < AttentionTile.Size ? a.Queries - firstQuery : AttentionTile.Size;
                var isFirst = h == 0 && firstQuery == 0;

                // Queries before all of these keys see none of them; the first tile is always gone through, and begins the sums.
                if (isFirst || a.Visible(firstQuery + queries - 1) > firstKey)
                {
                    var line = (((row * a.Heads) + head) * a.Queries) + firstQuery;
                    var (q, dy) = (a.At(row, a.Queries, firstQuery, a.QStride, head), a.At(row, a.Queries, firstQuery, a.DyStride, head));
                    means[thread] = thread < queries ? a.Dot(a.Dy, dy + (thread * a.DyStride), a.Y, a.At(row, a.Queries, firstQuery + thread, a.YStride, head)) : 0f;
                    logSums[thread] = thread < queries ? a.LogSums[line + thread] : 0f;
                    var p = AttentionTile.Products(slices, thread, a.Width, a.K, k, a.KStride, keys, a.Q, q, a.QStride, queries);
                    var dp = AttentionTile.Products(slices, thread, a.Width, a.V, v, a.VStride, keys, a.Dy, dy, a.DyStride, queries);
                    var limits = AttentionScores.Limits(a, firstQuery, thread);
                    (p.R0, dp.R0) = Kept<TDropout>(a, row, limits, firstKey + AttentionTile.Row(y, 0), line, thread, p.R0, dp.R0, means, logSums);
                    (p.R1, dp.R1) = Kept<TDropout>(a, row, limits, firstKey + AttentionTile.Row(y, 1), line, thread, p.R1, dp.R1, means, logSums);
                    (p.R2, dp.R2) = Kept<TDropout>(a, row, limits, firstKey + AttentionTile.Row(y, 2), line, thread, p.R2, dp.R2, means, logSums);
                    (p.R3, dp.R3) = Kept<TDropout>(a, row, limits, firstKey + AttentionTile.Row(y, 3), line, thread, p.R3, dp.R3, means, logSums);
                    (p.R4, dp.R4) = Kept<TDropout>(a, row, limits, firstKey + AttentionTile.Row(y, 4), line, thread, p.R4, dp.R4, means, logSums);
                    (p.R5, dp.R5) = Kept<TDropout>(a, row, limits, firstKey + AttentionTile.Row(y, 5), line, thread, p.R5, dp.R5, means, logSums);
                    (p.R6, dp.R6) = Kept<TDropout>(a, row, limits, firstKey + AttentionTile.Row(y, 6), line, thread, p.R6, dp.R6, means, logSums);
                    (p.R7, dp.R7) = Kept<TDropout>(a, row, limits, firstKey + AttentionTile.Row(y, 7), line, thread, p.R7, dp.R7, means, logSums);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 0), thread, p.R0);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 1), thread, p.R1);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 2), thread, p.R2);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 3), thread, p.R3);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 4), thread, p.R4);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 5), thread, p.R5);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 6), thread, p.R6);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 7), thread, p.R7);
                    Group.Barrier();
                    for (var column = 0; column < a.Width; column += AttentionTile.Size)
                    {
                        var columns = a.Width - column;
                        Sums sums = default;
                        if (!isFirst)
                        {
                            sums.R0 = AttentionTile.Read(a.Dv, dv + (AttentionTile.Row(y, 0) * a.DvStride) + column, AttentionTile.Row(y, 0) < keys, thread, columns, 1f);
                            sums.R1 = AttentionTile.Read(a.Dv, dv + (AttentionTile.Row(y, 1) * a.DvStride) + column, AttentionTile.Row(y, 1) < keys, thread, columns, 1f);
                            sums.R2 = AttentionTile.Read(a.Dv, dv + (AttentionTile.Row(y, 2) * a.DvStride) + column, AttentionTile.Row(y, 2) < keys, thread, columns, 1f);
                            sums.R3 = AttentionTile.Read(a.Dv, dv + (AttentionTile.Row(y, 3) * a.DvStride) + column, AttentionTile.Row(y, 3) < keys, thread, columns, 1f);
                            sums.R4 = AttentionTile.Read(a.Dv, dv + (AttentionTile.Row(y, 4) * a.DvStride) + column, AttentionTile.Row(y, 4) < keys, thread, columns, 1f);
                            sums.R5 = AttentionTile.Read(a.Dv, dv + (AttentionTile.Row(y, 5) * a.DvStride) + column, AttentionTile.Row(y, 5) < keys, thread, columns, 1f);
                            sums.R6 = AttentionTile.Read(a.Dv, dv + (AttentionTile.Row(y, 6) * a.DvStride) + column, AttentionTile.Row(y, 6) < keys, thread, columns, 1f);
                            sums.R7 = AttentionTile.Read(a.Dv, dv + (AttentionTile.Row(y, 7) * a.DvStride) + column, AttentionTile.Row(y, 7) < keys, thread, columns, 1f);
                        }

                        sums = AttentionTile.Combine(tile, slices, thread, a.Dy, dy + column, a.DyStride, queries, columns, sums);
                        AttentionTile.Write(a.Dv, dv + (AttentionTile.Row(y, 0) * a.DvStride) + column, AttentionTile.Row(y, 0) < keys, thread, columns, sums.R0);
                        AttentionTile.Write(a.Dv, dv + (AttentionTile.Row(y, 1) * a.DvStride) + column, AttentionTile.Row(y, 1) < keys, thread, columns, sums.R1);
                        AttentionTile.Write(a.Dv, dv + (AttentionTile.Row(y, 2) * a.DvStride) + column, AttentionTile.Row(y, 2) < keys, thread, columns, sums.R2);
                        AttentionTile.Write(a.Dv, dv + (AttentionTile.Row(y, 3) * a.DvStride) + column, AttentionTile.Row(y, 3) < keys, thread, columns, sums.R3);
                        AttentionTile.Write(a.Dv, dv + (AttentionTile.Row(y, 4) * a.DvStride) + column, AttentionTile.Row(y, 4) < keys, thread, columns, sums.R4);
                        AttentionTile.Write(a.Dv, dv + (AttentionTile.Row(y, 5) * a.DvStride) + column, AttentionTile.Row(y, 5) < keys, thread, columns, sums.R5);
                        AttentionTile.Write(a.Dv, dv + (AttentionTile.Row(y, 6) * a.DvStride) + column, AttentionTile.Row(y, 6) < keys, thread, columns, sums.R6);
                        AttentionTile.Write(a.Dv, dv + (AttentionTile.Row(y, 7) * a.DvStride) + column, AttentionTile.Row(y, 7) < keys, thread, columns, sums.R7);
                    }

                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 0), thread, dp.R0);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 1), thread, dp.R1);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 2), thread, dp.R2);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 3), thread, dp.R3);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 4), thread, dp.R4);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 5), thread, dp.R5);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 6), thread, dp.R6);
                    AttentionTile.Transpose(tile, AttentionTile.Row(y, 7), thread, dp.R7);
                    Group.Barrier();
                    for (var column = 0; column < a.Width; column += AttentionTile.Size)
                    {
                        var columns = a.Width - column;
                        Sums sums = default;
                        if (!isFirst)
                        {
                            sums.R0 = AttentionTile.Read(a.Dk, dk + (AttentionTile.Row(y, 0) * a.DkStride) + column, AttentionTile.Row(y, 0) < keys, thread, columns, 1f);
                            sums.R1 = AttentionTile.Read(a.Dk, dk + (AttentionTile.Row(y, 1) * a.DkStride) + column, AttentionTile.Row(y, 1) < keys, thread, columns, 1f);
                            sums.R2 = AttentionTile.Read(a.Dk, dk + (AttentionTile.Row(y, 2) * a.DkStride) + column, AttentionTile.Row(y, 2) < keys, thread, columns, 1f);
                            sums.R3 = AttentionTile.Read(a.Dk, dk + (AttentionTile.Row(y, 3) * a.DkStride) + column, AttentionTile.Row(y, 3) < keys, thread, columns, 1f);
                            sums.R4 = AttentionTile.Read(a.Dk, dk + (AttentionTile.Row(y, 4) * a.DkStride) + column, AttentionTile.Row(y, 4) < keys, thread, columns, 1f);
                            sums.R5 = AttentionTile.Read(a.Dk, dk + (AttentionTile.Row(y, 5) * a.DkStride) + column, AttentionTile.Row(y, 5) < keys, thread, columns, 1f);
                            sums.R6 = AttentionTile.Read(a.Dk, dk + (AttentionTile.Row(y, 6) * a.DkStride) + column, AttentionTile.Row(y, 6) < keys, thread, columns, 1f);
                            sums.R7 = AttentionTile.Read(a.Dk, dk + (AttentionTile.Row(y, 7) * a.DkStride) + column, AttentionTile.Row(y, 7) < keys, thread, columns, 1f);
                        }

                        sums = AttentionTile.Combine(tile, slices, thread, a.Q, q + column, a.QStride, queries, columns, sums);
                        AttentionTile.Write(a.Dk, dk + (AttentionTile.Row(y, 0) * a.DkStride) + column, AttentionTile.Row(y, 0) < keys, thread, columns, sums.R0);
                        AttentionTile.Write(a.Dk, dk + (AttentionTile.Row(y, 1) * a.DkStride) + column, AttentionTile.Row(y, 1) < keys, thread, columns, sums.R1);
                        AttentionTile.Write(a.Dk, dk + (AttentionTile.Row(y, 2) * a.DkStride) + column, AttentionTile.Row(y, 2) < keys, thread, columns, sums.R2);
                        AttentionTile.Write(a.Dk, dk + (AttentionTile.Row(y, 3) * a.DkStride) + column, AttentionTile.Row(y, 3) < keys, thread, columns, sums.R3);
                        AttentionTile.Write(a.Dk, dk + (AttentionTile.Row(y, 4) * a.DkStride) + column, AttentionTile.Row(y, 4) < keys, thread, columns, sums.R4);
                        AttentionTile.Write(a.Dk, dk + (AttentionTile.Row(y, 5) * a.DkStride) + column, AttentionTile.Row(y, 5) < keys, thread, columns, sums.R5);
                        AttentionTile.Write(a.Dk, dk + (AttentionTile.Row(y, 6) * a.DkStride) + column, AttentionTile.Row(y, 6) < keys, thread, columns, sums.R6);
                        AttentionTile.Write(a.Dk, dk + (AttentionTile.Row(y, 7) * a.DkStride) + column, AttentionTile.Row(y, 7) < keys, thread, columns, sums.R7);
                    }
                }
            }
        }
    }

    // Slopes of one query's scores of eight keys.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Eight Slopes<TDropout>(AttentionWork a, Eight mask, int firstQuery, int line, int number, int firstKey, int thread, Eight scores, Eight dp, ArrayView<float> means)
        where TDropout : struct, IDropout
    {
        var logSum = firstQuery + number < a.Queries ? a.LogSums[line + number] : 0f;
        var p = AttentionScores.Exp(AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + number), firstKey, thread, scores), Eight.All(logSum));
        var keep = AttentionScores.Keep<TDropout>(a, line + number, firstKey, thread);
        return AttentionScores.Slopes(p, dp, keep, Eight.All(means[number]), a.Scale);
    }

    // Probabilities with dropout, and slopes of scores, of one key and eight queries.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Eight Kept, Eight Slopes) Kept<TDropout>(
        AttentionWork a, int row, Eight limits, int key, int line, int thread, Eight scores, Eight dp, ArrayView<float> means, ArrayView<float> logSums)
        where TDropout : struct, IDropout
    {
        var p = AttentionScores.Exp(AttentionScores.ShownOfKey(a.Scale, a.Mask(row, key), limits, key, scores), AttentionTile.Columns(logSums, thread));
        var keep = AttentionScores.KeepOfKey<TDropout>(a, line, key, thread);
        return (AttentionScores.Multiply(p, keep), AttentionScores.Slopes(p, dp, keep, AttentionTile.Columns(means, thread), a.Scale));
    }
}
