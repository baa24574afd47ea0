using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Attention's backward: dV = P^T dO, dS = P (dO V^T - sum(O dO)), dQ = dS K, dK = dS^T Q.</summary>
internal static class AttentionBackward
{
    /// <summary>A group has one query of one head.</summary>
    public static void Queries<TDropout, M>(AttentionWork<M> a)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var slopes = SharedMemory.Allocate<float>(Attention.Tile);
        var (thread, threads, line) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var query = line % a.Queries;
        var head = line / a.Queries % a.Heads;
        var row = line / a.Queries / a.Heads;
        var keyHead = head / (a.Heads / a.KeyHeads);
        var q = a.At(row, a.Queries, query, a.QStride, head);
        var dy = a.At(row, a.Queries, query, a.DyStride, head);
        var dq = a.At(row, a.Queries, query, a.DqStride, head);
        var mean = a.Mean(dy, a.At(row, a.Queries, query, a.YStride, head));
        var visible = a.Visible(query);
        for (var d = thread; d < a.Width; d += threads)
        {
            a.Dq[dq + d] = 0f;
        }

        for (var first = 0; first < visible; first += Attention.Tile)
        {
            var count = visible - first < Attention.Tile ? visible - first : Attention.Tile;
            for (var j = thread; j < count; j += threads)
            {
                var key = first + j;
                var slope = 0f;
                if (a.IsShown(row, key))
                {
                    var p = DeviceMath.Exp((a.Scale * a.Dot(a.Q, q, a.K, a.At(row, a.Keys, key, a.KStride, keyHead))) - a.LogSums[line]);
                    var dp = a.Dot(a.Dy, dy, a.V, a.At(row, a.Keys, key, a.VStride, keyHead)) * a.Keep<TDropout>(line, key);
                    slope = p * (dp - mean) * a.Scale;
                }

                slopes[j] = slope;
            }

            Group.Barrier();
            for (var d = thread; d < a.Width; d += threads)
            {
                var sum = a.Dq[dq + d];
                for (var j = 0; j < count; j++)
                {
                    sum += slopes[j] * a.K.Load(a.At(row, a.Keys, first + j, a.KStride, keyHead) + d);
                }

                a.Dq[dq + d] = sum;
            }

            Group.Barrier();
        }
    }

    /// <summary>A group has one key of one key head, and sums over the heads that share it.</summary>
    public static void Keys<TDropout, M>(AttentionWork<M> a)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        var slopes = SharedMemory.Allocate<float>(Attention.Tile);
        var kept = SharedMemory.Allocate<float>(Attention.Tile);
        var (thread, threads, group) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var key = group % a.Keys;
        var keyHead = group / a.Keys % a.KeyHeads;
        var row = group / a.Keys / a.KeyHeads;
        var k = a.At(row, a.Keys, key, a.KStride, keyHead);
        var v = a.At(row, a.Keys, key, a.VStride, keyHead);
        var dk = a.At(row, a.Keys, key, a.DkStride, keyHead);
        var dv = a.At(row, a.Keys, key, a.DvStride, keyHead);
        var sharing = a.Heads / a.KeyHeads;
        var isShown = a.IsShown(row, key);
        for (var d = thread; d < a.Width; d += threads)
        {
            a.Dk[dk + d] = 0f;
            a.Dv[dv + d] = 0f;
        }

        for (var h = 0; h < sharing; h++)
        {
            var head = (keyHead * sharing) + h;
            for (var first = 0; first < a.Queries; first += Attention.Tile)
            {
                var count = a.Queries - first < Attention.Tile ? a.Queries - first : Attention.Tile;
                for (var j = thread; j < count; j += threads)
                {
                    var query = first + j;
                    var (slope, weight) = (0f, 0f);
                    if (isShown && key < a.Visible(query))
                    {
                        var line = (((row * a.Heads) + head) * a.Queries) + query;
                        var dy = a.At(row, a.Queries, query, a.DyStride, head);
                        var p = DeviceMath.Exp((a.Scale * a.Dot(a.Q, a.At(row, a.Queries, query, a.QStride, head), a.K, k)) - a.LogSums[line]);
                        var keep = a.Keep<TDropout>(line, key);
                        var mean = a.Mean(dy, a.At(row, a.Queries, query, a.YStride, head));
                        slope = p * ((a.Dot(a.Dy, dy, a.V, v) * keep) - mean) * a.Scale;
                        weight = p * keep;
                    }

                    slopes[j] = slope;
                    kept[j] = weight;
                }

                Group.Barrier();
                for (var d = thread; d < a.Width; d += threads)
                {
                    var (sumK, sumV) = (a.Dk[dk + d], a.Dv[dv + d]);
                    for (var j = 0; j < count; j++)
                    {
                        sumK += slopes[j] * a.Q.Load(a.At(row, a.Queries, first + j, a.QStride, head) + d);
                        sumV += kept[j] * a.Dy.Load(a.At(row, a.Queries, first + j, a.DyStride, head) + d);
                    }

                    a.Dk[dk + d] = sumK;
                    a.Dv[dv + d] = sumV;
                }

                Group.Barrier();
            }
        }
    }
}
