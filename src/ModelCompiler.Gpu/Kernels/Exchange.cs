using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Exchanges two arrays, value by value.</summary>
internal static class Exchange
{
    public static void Run(GpuContext context, ArrayView<float> a, ArrayView<float> b, long count)
    {
        Arguments arguments = default;
        (arguments.A, arguments.B, arguments.Count) = (a, b, checked((int)count));
        context.Launch(Body, (int)Math.Min((count + Groups.Size - 1) / Groups.Size, 1024), Groups.Size, in arguments);
    }

    private static void Body(Arguments a)
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        for (var i = (group * threads) + thread; i < a.Count; i += groups * threads)
        {
            (a.A[i], a.B[i]) = (a.B[i], a.A[i]);
        }
    }

    internal struct Arguments
    {
        public ArrayView<float> A, B;
        public int Count;
    }
}
