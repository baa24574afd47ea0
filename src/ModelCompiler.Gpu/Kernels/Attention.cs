using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// Attention by tiles of keys with a running softmax (Dao et al. 2022, arXiv:2205.14135): scores never reach global memory. Backward recomputes
/// probabilities from the log sums. No two groups write the same value, so that results do not depend on their order.
/// </summary>
public static class Attention
{
    /// <summary>Keys or queries that a group looks at together.</summary>
    internal const int Tile = 64;

    /// <summary>Bytes of scratch memory of backward: two numbers of each query.</summary>
    public static long ScratchBytes(long batch, int heads, long queries) => 2 * batch * heads * queries * sizeof(float);

    public static void Forward<M>(GpuContext context, in AttentionArguments<M> arguments)
        where M : struct, IMatrix
    {
        var work = Work(context, in arguments);
        if (arguments.HasDropout)
        {
            Forward<WithDropout, M>(context, in arguments, in work);
        }
        else
        {
            Forward<WithoutDropout, M>(context, in arguments, in work);
        }
    }

    public static void Backward<M>(GpuContext context, in AttentionArguments<M> arguments, in AttentionGradients<M> gradients)
        where M : struct, IMatrix
    {
        var work = Work(context, in arguments);
        (work.Dy, work.Dq, work.Dk, work.Dv) = (gradients.OutputGradient, gradients.QueryGradient, gradients.KeyGradient, gradients.ValueGradient);
        work.Numbers = Numbers(context, in arguments);
        (work.DyStride, work.DqStride, work.DkStride, work.DvStride) =
            (gradients.OutputGradientStride, gradients.QueryGradientStride, gradients.KeyGradientStride, gradients.ValueGradientStride);
        if (arguments.HasDropout)
        {
            Backward<WithDropout, M>(context, in arguments, in work);
        }
        else
        {
            Backward<WithoutDropout, M>(context, in arguments, in work);
        }
    }

    private static void Forward<TDropout, M>(GpuContext context, in AttentionArguments<M> a, in AttentionWork<M> work)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        if (context.HasTensorCores && TensorForms.Take(in a))
        {
            var groups = a.Batch * a.Heads * Tiles(a.Queries);
            if (a.HeadWidth <= 64)
            {
                context.Launch(AttentionByTensorCores<NarrowHead>.Body<TDropout, M>, groups, AttentionTile.Threads, in work);
            }
            else
            {
                context.Launch(AttentionByTensorCores<WideHead>.Body<TDropout, M>, groups, AttentionTile.Threads, in work);
            }
        }
        else if (context.HasGroupMemory)
        {
            context.Launch(AttentionForwardTiles.Body<TDropout, M>, a.Batch * a.Heads * Tiles(a.Queries), AttentionTile.Threads, in work);
        }
        else
        {
            context.Launch(AttentionForward.Body<TDropout, M>, a.Batch * a.Heads * a.Queries, Tile, in work);
        }
    }

    private static void Backward<TDropout, M>(GpuContext context, in AttentionArguments<M> a, in AttentionWork<M> work)
        where TDropout : struct, IDropout
        where M : struct, IMatrix
    {
        // Heads of more channels do not fit the registers.
        if (context.HasTensorCores && a.HeadWidth <= 64 && TensorForms.Take(in a) && work.Dy.IsAligned && (work.DyStride & 7) == 0)
        {
            context.Launch(AttentionBackwardByTensorCores.Queries<TDropout, M>, a.Batch * a.Heads * Tiles(a.Queries), AttentionTile.Threads, in work);
            context.Launch(AttentionBackwardByTensorCores.Keys<TDropout, M>, a.Batch * a.KeyHeads * Tiles(a.Keys), AttentionTile.Threads, in work);
        }
        else if (context.HasGroupMemory)
        {
            context.Launch(AttentionBackwardTiles.Queries<TDropout, M>, a.Batch * a.Heads * Tiles(a.Queries), AttentionTile.Threads, in work);
            context.Launch(AttentionBackwardTiles.Keys<TDropout, M>, a.Batch * a.KeyHeads * Tiles(a.Keys), AttentionTile.Threads, in work);
        }
        else
        {
            context.Launch(AttentionBackward.Queries<TDropout, M>, a.Batch * a.Heads * a.Queries, Tile, in work);
            context.Launch(AttentionBackward.Keys<TDropout, M>, a.Batch * a.KeyHeads * a.Keys, Tile, in work);
        }
    }

    private static ArrayView<float> Numbers<M>(GpuContext context, in AttentionArguments<M> a)
        where M : struct, IMatrix
    {
        var bytes = ScratchBytes(a.Batch, a.Heads, a.Queries);
        return bytes <= context.ScratchBytes
            ? context.Scratch
            : throw new InvalidOperationException($"Attention's backward takes {bytes} bytes of scratch memory, of which there are {context.ScratchBytes}.");
    }

    private static int Tiles(int tokens) => (tokens + AttentionTile.Size - 1) / AttentionTile.Size;

    private static AttentionWork<M> Work<M>(GpuContext context, in AttentionArguments<M> a)
        where M : struct, IMatrix
    {
        AttentionWork<M> work = default;
        (work.Q, work.K, work.V, work.Y, work.LogSums) = (a.Query, a.Key, a.Value, a.Output, a.LogSumExp);
        (work.QStride, work.KStride, work.VStride, work.YStride) = (a.QueryStride, a.KeyStride, a.ValueStride, a.OutputStride);
        (work.Heads, work.KeyHeads, work.Width, work.Queries, work.Keys) = (a.Heads, a.KeyHeads, a.HeadWidth, a.Queries, a.Keys);
        (work.IsCausal, work.IsMasked) = (a.Causal ? 1 : 0, a.KeyMask.IsValid ? 1 : 0);
        work.Scale = a.Scale;

        // A launch needs memory for every view, also for those that it does not touch.
        work.Dropout = a.HasDropout ? a.Dropout : new DropoutKey(context.Nothing.Cast<int>(), 0, 0, 0f);
        work.KeyMask = a.KeyMask.IsValid ? a.KeyMask : context.Nothing.Cast<int>();
        work.Dq = work.Dk = work.Dv = work.Numbers = context.Nothing;
        work.Dy = a.Query;
        return work;
    }
}
