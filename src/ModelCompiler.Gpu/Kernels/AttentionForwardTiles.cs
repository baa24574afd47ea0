using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Attention's forward for devices with fast group memory: a group has 64 queries of one head, and goes through the keys 64 at a time.</summary>
internal static class AttentionForwardTiles
{
    public static void Body<TDropout>(AttentionWork a)
        where TDropout : struct, IDropout
    {
        var slices = SharedMemory.Allocate<Quad>(2 * AttentionTile.Slice);
        var tile = SharedMemory.Allocate<Quad>(AttentionTile.Whole);
        var exchange = SharedMemory.Allocate<float>(AttentionTile.Size * 9);
        var (thread, group) = (Group.IdxX, Grid.IdxX);
        var tiles = (a.Queries + AttentionTile.Size - 1) / AttentionTile.Size;
        var firstQuery = group % tiles * AttentionTile.Size;
        var head = group / tiles % a.Heads;
        var row = group / tiles / a.Heads;
        var keyHead = head / (a.Heads / a.KeyHeads);
        var line = (((row * a.Heads) + head) * a.Queries) + firstQuery;
        var queries = a.Queries - firstQuery < AttentionTile.Size ? a.Queries - firstQuery : AttentionTile.Size;
        var visible = a.Visible(firstQuery + queries - 1);
        var (q, y0) = (a.At(row, a.Queries, firstQuery, a.QStride, head), a.At(row, a.Queries, firstQuery, a.YStride, head));
        var y = thread >> 3;
        Eight largest = Eight.All(float.NegativeInfinity), total = default, rescale = default, top = default, part = default;
        for (var first = 0; first < visible; first += AttentionTile.Size)
        {
            var keys = a.Keys - first < AttentionTile.Size ? a.Keys - first : AttentionTile.Size;
            var sums = AttentionTile.Products(slices, thread, a.Width, a.Q, q, a.QStride, queries, a.K, a.At(row, a.Keys, first, a.KStride, keyHead), a.KStride, keys);
            var mask = AttentionScores.Mask(a, row, first, thread);
            sums.R0 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + AttentionTile.Row(y, 0)), first, thread, sums.R0);
            sums.R1 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + AttentionTile.Row(y, 1)), first, thread, sums.R1);
            sums.R2 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + AttentionTile.Row(y, 2)), first, thread, sums.R2);
            sums.R3 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + AttentionTile.Row(y, 3)), first, thread, sums.R3);
            sums.R4 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + AttentionTile.Row(y, 4)), first, thread, sums.R4);
            sums.R5 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + AttentionTile.Row(y, 5)), first, thread, sums.R5);
            sums.R6 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + AttentionTile.Row(y, 6)), first, thread, sums.R6);
            sums.R7 = AttentionScores.Shown(a.Scale, mask, a.Limit(firstQuery + AttentionTile.Row(y, 7)), first, thread, sums.R7);
            top.A = Eight.Largest(sums.R0);
            top.B = Eight.Largest(sums.R1);
            top.C = Eight.Largest(sums.R2);
            top.D = Eight.Largest(sums.R3);
            top.E = Eight.Largest(sums.R4);
            top.F = Eight.Largest(sums.R5);
            top.G = Eight.Largest(sums.R6);
            top.H = Eight.Largest(sums.R7);
            top = AttentionTile.Across(exchange, thread, top, isLargest: true);
            (sums.R0, rescale.A, largest.A) = Softened(sums.R0, largest.A, top.A);
            (sums.R1, rescale.B, largest.B) = Softened(sums.R1, largest.B, top.B);
            (sums.R2, rescale.C, largest.C) = Softened(sums.R2, largest.C, top.C);
            (sums.R3, rescale.D, largest.D) = Softened(sums.R3, largest.D, top.D);
            (sums.R4, rescale.E, largest.E) = Softened(sums.R4, largest.E, top.E);
            (sums.R5, rescale.F, largest.F) = Softened(sums.R5, largest.F, top.F);
            (sums.R6, rescale.G, largest.G) = Softened(sums.R6, largest.G, top.G);
            (sums.R7, rescale.H, largest.H) = Softened(sums.R7, largest.H, top.H);
            part.A = Eight.Sum(sums.R0);
            part.B = Eight.Sum(sums.R1);
            part.C = Eight.Sum(sums.R2);
            part.D = Eight.Sum(sums.R3);
            part.E = Eight.Sum(sums.R4);
            part.F = Eight.Sum(sums.R5);
            part.G = Eight.Sum(sums.R6);
            part.H = Eight.Sum(sums.R7);
            part = AttentionTile.Across(exchange, thread, part, isLargest: false);
            total.A = (total.A * rescale.A) + part.A;
            total.B = (total.B * rescale.B) + part.B;
            total.C = (total.C * rescale.C) + part.C;
            total.D = (total.D * rescale.D) + part.D;
            total.E = (total.E * rescale.E) + part.E;
            total.F = (total.F * rescale.F) + part.F;
            total.G = (total.G * rescale.G) + part.G;
            total.H = (total.H * rescale.H) + part.H;
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 0), thread, Kept<TDropout>(a, line + AttentionTile.Row(y, 0), first, thread, sums.R0));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 1), thread, Kept<TDropout>(a, line + AttentionTile.Row(y, 1), first, thread, sums.R1));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 2), thread, Kept<TDropout>(a, line + AttentionTile.Row(y, 2), first, thread, sums.R2));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 3), thread, Kept<TDropout>(a, line + AttentionTile.Row(y, 3), first, thread, sums.R3));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 4), thread, Kept<TDropout>(a, line + AttentionTile.Row(y, 4), first, thread, sums.R4));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 5), thread, Kept<TDropout>(a, line + AttentionTile.Row(y, 5), first, thread, sums.R5));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 6), thread, Kept<TDropout>(a, line + AttentionTile.Row(y, 6), first, thread, sums.R6));
            AttentionTile.Transpose(tile, AttentionTile.Row(y, 7), thread, Kept<TDropout>(a, line + AttentionTile.Row(y, 7), first, thread, sums.R7));
            Group.Barrier();
            var v = a.At(row, a.Keys, first, a.VStride, keyHead);
            for (var column = 0; column < a.Width; column += AttentionTile.Size)
            {
                var columns = a.Width - column;
                sums = default;
                if (first > 0)
                {
                    sums.R0 = Read(a, y0, queries, AttentionTile.Row(y, 0), column, thread, columns, rescale.A);
                    sums.R1 = Read(a, y0, queries, AttentionTile.Row(y, 1), column, thread, columns, rescale.B);
                    sums.R2 = Read(a, y0, queries, AttentionTile.Row(y, 2), column, thread, columns, rescale.C);
                    sums.R3 = Read(a, y0, queries, AttentionTile.Row(y, 3), column, thread, columns, rescale.D);
                    sums.R4 = Read(a, y0, queries, AttentionTile.Row(y, 4), column, thread, columns, rescale.E);
                    sums.R5 = Read(a, y0, queries, AttentionTile.Row(y, 5), column, thread, columns, rescale.F);
                    sums.R6 = Read(a, y0, queries, AttentionTile.Row(y, 6), column, thread, columns, rescale.G);
                    sums.R7 = Read(a, y0, queries, AttentionTile.Row(y, 7), column, thread, columns, rescale.H);
                }

                sums = AttentionTile.Combine(tile, slices, thread, a.V, v + column, a.VStride, keys, columns, sums);
                Write(a, y0, queries, AttentionTile.Row(y, 0), column, thread, columns, sums.R0);
                Write(a, y0, queries, AttentionTile.Row(y, 1), column, thread, columns, sums.R1);
                Write(a, y0, queries, AttentionTile.Row(y, 2), column, thread, columns, sums.R2);
                Write(a, y0, queries, AttentionTile.Row(y, 3), column, thread, columns, sums.R3);
                Write(a, y0, queries, AttentionTile.Row(y, 4), column, thread, columns, sums.R4);
                Write(a, y0, queries, AttentionTile.Row(y, 5), column, thread, columns, sums.R5);
                Write(a, y0, queries, AttentionTile.Row(y, 6), column, thread, columns, sums.R6);
                Write(a, y0, queries, AttentionTile.Row(y, 7), column, thread, columns, sums.R7);
            }

            Group.Barrier();
        }

        for (var column = 0; column < a.Width; column += AttentionTile.Size)
        {
            var columns = a.Width - column;
            Finish(a, y0, queries, AttentionTile.Row(y, 0), column, thread, columns, visible, total.A);
            Finish(a, y0, queries, AttentionTile.Row(y, 1), column, thread, columns, visible, total.B);
            Finish(a, y0, queries, AttentionTile.Row(y, 2), column, thread, columns, visible, total.C);
            Finish(a, y0, queries, AttentionTile.Row(y, 3), column, thread, columns, visible, total.D);
            Finish(a, y0, queries, AttentionTile.Row(y, 4), column, thread, columns, visible, total.E);
            Finish(a, y0, queries, AttentionTile.Row(y, 5), column, thread, columns, visible, total.F);
            Finish(a, y0, queries, AttentionTile.Row(y, 6), column, thread, columns, visible, total.G);
            Finish(a, y0, queries, AttentionTile.Row(y, 7), column, thread, columns, visible, total.H);
        }

        if (thread % 8 == 0)
        {
            LogSum(a, line, queries, AttentionTile.Row(y, 0), largest.A, total.A);
            LogSum(a, line, queries, AttentionTile.Row(y, 1), largest.B, total.B);
            LogSum(a, line, queries, AttentionTile.Row(y, 2), largest.C, total.C);
            LogSum(a, line, queries, AttentionTile.Row(y, 3), largest.D, total.D);
            LogSum(a, line, queries, AttentionTile.Row(y, 4), largest.E, total.E);
            LogSum(a, line, queries, AttentionTile.Row(y, 5), largest.F, total.F);
            LogSum(a, line, queries, AttentionTile.Row(y, 6), largest.G, total.G);
            LogSum(a, line, queries, AttentionTile.Row(y, 7), largest.H, total.H);
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
    private static Eight Kept<TDropout>(AttentionWork a, int line, int firstKey, int thread, Eight e)
        where TDropout : struct, IDropout => AttentionScores.Multiply(e, AttentionScores.Keep<TDropout>(a, line, firstKey, thread));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Eight Read(AttentionWork a, int y0, int queries, int number, int column, int thread, int columns, float factor) =>
        AttentionTile.Read(a.Y, y0 + (number * a.YStride) + column, number < queries, thread, columns, factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(AttentionWork a, int y0, int queries, int number, int column, int thread, int columns, Eight e) =>
        AttentionTile.Write(a.Y, y0 + (number * a.YStride) + column, number < queries, thread, columns, e);

    // Where no key was gone through nothing was written: the output is 0 then.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(AttentionWork a, int y0, int queries, int number, int column, int thread, int columns, int visible, float total) =>
        Write(a, y0, queries, number, column, thread, columns,
            visible == 0 ? default : Read(a, y0, queries, number, column, thread, columns, total == 0f ? 0f : 1f / total));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LogSum(AttentionWork a, int line, int queries, int number, float largest, float total)
    {
        if (number < queries)
        {
            a.LogSums[line + number] = total == 0f ? 0f : largest + DeviceMath.Log(total);
        }
    }
}
