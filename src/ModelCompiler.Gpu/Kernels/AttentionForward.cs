using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Attention's forward: a group has one query of one head.</summary>
internal static class AttentionForward
{
    public static void Body<TDropout, M>(AttentionWork<M> a)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var scores = SharedMemory.Allocate<float>(Attention.Tile);
        var kept = SharedMemory.Allocate<float>(Attention.Tile);
        var (thread, threads, line) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var query = line % a.Queries;
        var head = line / a.Queries % a.Heads;
        var row = line / a.Queries / a.Heads;
        var keyHead = head / (a.Heads / a.KeyHeads);
        var q = a.At(row, a.Queries, query, a.QStride, head);
        var y = a.At(row, a.Queries, query, a.YStride, head);
        var visible = a.Visible(query);
        var largest = float.NegativeInfinity;
        var total = 0f;
        for (var d = thread; d < a.Width; d += threads)
        {
            a.Y[y + d] = 0f;
        }

        for (var first = 0; first < visible; first += Attention.Tile)
        {
            var count = visible - first < Attention.Tile ? visible - first : Attention.Tile;
            for (var j = thread; j < count; j += threads)
            {
                scores[j] = a.IsShown(row, first + j) ? a.Scale * a.Dot(a.Q, q, a.K, a.At(row, a.Keys, first + j, a.KStride, keyHead)) : float.NegativeInfinity;
            }

            Group.Barrier();
            var top = largest;
            for (var j = 0; j < count; j++)
            {
                top = DeviceMath.Max(scores[j], top);
            }

            Group.Barrier();

            // While no key was shown, every score is -infinity: nothing is added, whatever the shift.
            var shift = top == float.NegativeInfinity ? 0f : top;
            for (var j = thread; j < count; j += threads)
            {
                var e = scores[j] == float.NegativeInfinity ? 0f : DeviceMath.Exp(scores[j] - shift);
                scores[j] = e;
                kept[j] = e * a.Keep<TDropout>(line, first + j);
            }

            Group.Barrier();
            var rescale = largest == float.NegativeInfinity ? 0f : DeviceMath.Exp(largest - shift);
            total *= rescale;
            for (var j = 0; j < count; j++)
            {
                total += scores[j];
            }

            for (var d = thread; d < a.Width; d += threads)
            {
                var sum = a.Y[y + d] * rescale;
                for (var j = 0; j < count; j++)
                {
                    sum += kept[j] * a.V.Load(a.At(row, a.Keys, first + j, a.VStride, keyHead) + d);
                }

                a.Y[y + d] = sum;
            }

            Group.Barrier();
            largest = top;
        }

        var isHidden = largest == float.NegativeInfinity;
        var inverse = isHidden ? 0f : 1f / total;
        for (var d = thread; d < a.Width; d += threads)
        {
            a.Y[y + d] *= inverse;
        }

        if (thread == 0)
        {
            a.LogSums[line] = isHidden ? 0f : largest + DeviceMath.Log(total);
        }
    }
}
