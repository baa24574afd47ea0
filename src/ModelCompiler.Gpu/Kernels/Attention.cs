namespace ModelCompiler.Gpu;

/// <summary>
/// Attention by tiles of keys with a running softmax (Dao et al. 2022, arXiv:2205.14135): scores never reach global memory. Backward recomputes
/// probabilities from the log sums. No two groups write the same value, so that results do not depend on their order.
/// </summary>
public static class Attention
{
    public static void Forward(GpuContext context, in AttentionArguments arguments)
    {
        var work = Work(context, in arguments);
        if (arguments.HasDropout)
        {
            Forward<WithDropout>(context, in arguments, in work);
        }
        else
        {
            Forward<WithoutDropout>(context, in arguments, in work);
        }
    }

    public static void Backward(GpuContext context, in AttentionArguments arguments, in AttentionGradients gradients)
    {
        var work = Work(context, in arguments);
        (work.Dy, work.Dq, work.Dk, work.Dv) = (gradients.OutputGradient, gradients.QueryGradient, gradients.KeyGradient, gradients.ValueGradient);
        (work.DyStride, work.DqStride, work.DkStride, work.DvStride) =
            (gradients.OutputGradientStride, gradients.QueryGradientStride, gradients.KeyGradientStride, gradients.ValueGradientStride);
        if (arguments.HasDropout)
        {
            Backward<WithDropout>(context, in arguments, in work);
        }
        else
        {
            Backward<WithoutDropout>(context, in arguments, in work);
        }
    }

    private static void Forward<TDropout>(GpuContext context, in AttentionArguments a, in AttentionWork work)
        where TDropout : struct, IDropout
    {
        if (context.HasGroupMemory)
        {
            context.Launch(AttentionForwardTiles.Body<TDropout>, a.Batch * a.Heads * Tiles(a.Queries), AttentionTile.Threads, in work);
        }
        else
        {
            context.Launch(AttentionForward.Body<TDropout>, a.Batch * a.Heads * a.Queries, AttentionWork.Tile, in work);
        }
    }

    private static void Backward<TDropout>(GpuContext context, in AttentionArguments a, in AttentionWork work)
        where TDropout : struct, IDropout
    {
        if (context.HasGroupMemory)
        {
            context.Launch(AttentionBackwardTiles.Queries<TDropout>, a.Batch * a.Heads * Tiles(a.Queries), AttentionTile.Threads, in work);
            context.Launch(AttentionBackwardTiles.Keys<TDropout>, a.Batch * a.KeyHeads * Tiles(a.Keys), AttentionTile.Threads, in work);
        }
        else
        {
            context.Launch(AttentionBackward.Queries<TDropout>, a.Batch * a.Heads * a.Queries, AttentionWork.Tile, in work);
            context.Launch(AttentionBackward.Keys<TDropout>, a.Batch * a.KeyHeads * a.Keys, AttentionWork.Tile, in work);
        }
    }

    private static int Tiles(int tokens) => (tokens + AttentionTile.Size - 1) / AttentionTile.Size;

    private static AttentionWork Work(GpuContext context, in AttentionArguments a)
    {
        AttentionWork work = default;
        (work.Q, work.K, work.V, work.Y, work.LogSums) = (a.Query, a.Key, a.Value, a.Output, a.LogSumExp);
        (work.QStride, work.KStride, work.VStride, work.YStride) = (a.QueryStride, a.KeyStride, a.ValueStride, a.OutputStride);
        (work.Heads, work.KeyHeads, work.Width, work.Queries, work.Keys) = (a.Heads, a.KeyHeads, a.HeadWidth, a.Queries, a.Keys);
        (work.IsCausal, work.IsMasked) = (a.Causal ? 1 : 0, a.KeyMask.IsValid ? 1 : 0);
        work.Scale = a.Scale;

        // A launch needs memory for every view, also for those that it does not touch.
        work.Dropout = a.HasDropout ? a.Dropout : new DropoutKey(context.Nothing.Cast<int>(), 0, 0, 0f);
        work.KeyMask = a.KeyMask.IsValid ? a.KeyMask : context.Nothing.Cast<int>();
        work.Dy = work.Dq = work.Dk = work.Dv = context.Nothing;
        return work;
    }
}
