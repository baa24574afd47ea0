using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>copy = momentum x copy + (1 - momentum) x weights, value by value, where the step is made.</summary>
internal static class MomentumCopies
{
    /// <param name="scale">The factor of the gradients; negative: the step is not made.</param>
    public static void Run(GpuContext context, ArrayView<float> from, ArrayView<float> to, long count, float momentum, ArrayView<float> scale)
    {
        Arguments a = default;
        (a.From, a.To, a.Scale, a.Count, a.Momentum) = (from, to, scale, checked((int)count), momentum);
        context.Launch(Body, (int)Math.Min((count + Groups.Size - 1) / Groups.Size, 1024), Groups.Size, in a);
    }

    private static void Body(Arguments a)
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        if (a.Scale[0] < 0f)
        {
            return;
        }

        for (var i = (group * threads) + thread; i < a.Count; i += groups * threads)
        {
            a.To[i] = (a.To[i] * a.Momentum) + (a.From[i] * (1f - a.Momentum));
        }
    }

    internal struct Arguments
    {
        public ArrayView<float> From, To, Scale;
        public int Count;
        public float Momentum;
    }
}
