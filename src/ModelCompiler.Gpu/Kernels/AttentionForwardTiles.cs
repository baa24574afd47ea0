using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Attention's forward for devices with fast group memory: a group has 64 queries of one head, and goes through the keys 64 at a time.</summary>
internal static class AttentionForwardTiles
{
    public static void Body<TDropout, M>(AttentionWork<M> a)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var slices = SharedMemory.Allocate<Quad>(2 * AttentionTile.Slice);
        var tile = SharedMemory.Allocate<Quad>(AttentionTile.Whole);
        var exchange = SharedMemory.Allocate<float>(AttentionTile.Size * 9);
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var (firstQuery, head, row) = AttentionWork<M>.Tile(group, a.Queries, a.Heads);
        var keyHead = head / (a.Heads / a.KeyHeads);
        var line = (((row * a.Heads) + head) * a.Queries) + firstQuery;
        var queries = AttentionWork<M>.InTile(a.Queries, firstQuery);
        var visible = a.Visible(firstQuery + queries - 1);
        var (q, y0) = (a.At(row, a.Queries, firstQuery, a.QStride, head), a.At(row, a.Queries, firstQuery, a.YStride, head));
        var own = AttentionTile.Row(thread);
        Quad largest = Quad.All(float.NegativeInfinity), total = default, rescale = default, top = default, part = default;
        for (var first = 0; first < visible; first += AttentionTile.Size)
        {
            var keys = AttentionWork<M>.InTile(a.Keys, first);
            var sums = AttentionTile.Products(slices, thread, a.Width, a.Q, q, a.QStride, queries, a.K, a.At(row, a.Keys, first, a.KStride, keyHead), a.KStride, keys);
            var mask = AttentionScores.Mask(a, row, first, thread);
            sums.R0 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + own), first, thread, sums.R0);
            sums.R1 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + own + 1), first, thread, sums.R1);
            sums.R2 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + own + 2), first, thread, sums.R2);
            sums.R3 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + own + 3), first, thread, sums.R3);
            top.A = Eight.Largest(sums.R0);
            top.B = Eight.Largest(sums.R1);
            top.C = Eight.Largest(sums.R2);
            top.D = Eight.Largest(sums.R3);
            top = AttentionTile.Across(exchange, thread, top, isLargest: true);
            (sums.R0, rescale.A, largest.A) = Softened(sums.R0, largest.A, top.A);
            (sums.R1, rescale.B, largest.B) = Softened(sums.R1, largest.B, top.B);
            (sums.R2, rescale.C, largest.C) = Softened(sums.R2, largest.C, top.C);
            (sums.R3, rescale.D, largest.D) = Softened(sums.R3, largest.D, top.D);
            part.A = Eight.Sum(sums.R0);
            part.B = Eight.Sum(sums.R1);
            part.C = Eight.Sum(sums.R2);
            part.D = Eight.Sum(sums.R3);
            part = AttentionTile.Across(exchange, thread, part, isLargest: false);
            total.A = (total.A * rescale.A) + part.A;
            total.B = (total.B * rescale.B) + part.B;
            total.C = (total.C * rescale.C) + part.C;
            total.D = (total.D * rescale.D) + part.D;
            sums.R0 = Kept<TDropout, M>(a, line + own, first, thread, sums.R0);
            sums.R1 = Kept<TDropout, M>(a, line + own + 1, first, thread, sums.R1);
            sums.R2 = Kept<TDropout, M>(a, line + own + 2, first, thread, sums.R2);
            sums.R3 = Kept<TDropout, M>(a, line + own + 3, first, thread, sums.R3);
            AttentionTile.Transpose(tile, thread, sums);
            Group.Barrier();
            var v = a.At(row, a.Keys, first, a.VStride, keyHead);
            for (var column = 0; column < a.Width; column += AttentionTile.Size)
            {
                var columns = a.Width - column;
                sums = default;
                if (first > 0)
                {
                    sums = AttentionTile.Read(a.Y, y0 + column, a.YStride, queries, columns, thread, rescale);
                }

                sums = AttentionTile.Combine(tile, slices, thread, a.V, v + column, a.VStride, keys, columns, sums);
                AttentionTile.Write(a.Y, y0 + column, a.YStride, queries, columns, thread, sums);
            }

            Group.Barrier();
        }

        // Where no key was gone through nothing was written: the output is 0 then.
        Quad factors = default;
        factors.A = total.A == 0f ? 0f : 1f / total.A;
        factors.B = total.B == 0f ? 0f : 1f / total.B;
        factors.C = total.C == 0f ? 0f : 1f / total.C;
        factors.D = total.D == 0f ? 0f : 1f / total.D;
        for (var column = 0; column < a.Width; column += AttentionTile.Size)
        {
            var columns = a.Width - column;
            Sums sums = default;
            if (visible > 0)
            {
                sums = AttentionTile.Read(a.Y, y0 + column, a.YStride, queries, columns, thread, factors);
            }

            AttentionTile.Write(a.Y, y0 + column, a.YStride, queries, columns, thread, sums);
        }

        if (thread % 8 == 0)
        {
            LogSum(a, line, queries, own, largest.A, total.A);
            LogSum(a, line, queries, own + 1, largest.B, total.B);
            LogSum(a, line, queries, own + 2, largest.C, total.C);
            LogSum(a, line, queries, own + 3, largest.D, total.D);
        }
    }

    // While no key was shown, every score is -infinity: nothing is added, whatever the shift.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Eight Exponentials, float Rescale, float Largest) Softened(Eight scores, float largest, float top)
    {
        var now = DeviceMath.Max(top, largest);
        var shift = now == float.NegativeInfinity ? 0f : now;
        return (AttentionScores.Exp(scores, Eight.All(shift)), AttentionScores.Exp(largest, shift), now);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Eight Kept<TDropout, M>(AttentionWork<M> a, int line, int firstKey, int thread, Eight e)
        where TDropout : struct, IDropout
        where M : struct, IMatrix => AttentionScores.Multiply(e, AttentionScores.Keep<TDropout, M>(a, line, firstKey, thread));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LogSum<M>(AttentionWork<M> a, int line, int queries, int number, float largest, float total)
        where M : struct, IMatrix
    {
        if (number < queries)
        {
            a.LogSums[line + number] = total == 0f ? 0f : largest + DeviceMath.Log(total);
        }
    }
}
