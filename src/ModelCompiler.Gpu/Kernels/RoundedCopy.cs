using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Stores elements of a matrix, and what lies between its rows, in 16 bits.</summary>
internal static class RoundedCopy
{
    private const int MostGroups = 1 << 12;

    public static void Run<M>(GpuContext context, M matrix, ArrayView<BFloat16> destination)
        where M : struct, IMatrix
    {
        RoundedCopyArguments<M> a = default;
        (a.Source, a.Destination, a.Count) = (matrix, destination, destination.IntLength);
        context.Launch(Body, Math.Min((a.Count + Groups.Size - 1) / Groups.Size, MostGroups), Groups.Size, in a);
    }

    private static void Body<M>(RoundedCopyArguments<M> a)
        where M : struct, IMatrix
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        for (var i = (group * threads) + thread; i < a.Count; i += groups * threads)
        {
            a.Destination[i] = (BFloat16)a.Source.Load(i);
        }
    }
}

/// <summary>What <see cref="RoundedCopy"/> gets.</summary>
internal struct RoundedCopyArguments<M>
    where M : struct, IMatrix
{
    public M Source;
    public ArrayView<BFloat16> Destination;
    public int Count;
}
