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
        var step = Grid.DimX * Group.DimX;
        for (var i = (Grid.IdxX * Group.DimX) + Group.IdxX; i < a.Count; i += step)
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
