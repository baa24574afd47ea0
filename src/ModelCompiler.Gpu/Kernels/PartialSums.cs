using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Adds up the sums of chunks, in ascending order of chunks.</summary>
public static class PartialSums
{
    /// <param name="partial">[chunks, width].</param>
    /// <param name="destination">[width].</param>
    /// <param name="accumulate">Add to what is there.</param>
    public static void Reduce(GpuContext context, ArrayView<float> partial, int chunks, int width, ArrayView<float> destination, bool accumulate)
    {
        Arguments a = default;
        (a.Partial, a.Chunks, a.Width, a.Destination, a.Accumulates) = (partial, chunks, width, destination, accumulate ? 1 : 0);
        context.Launch(Body, (width + 63) / 64, 64, in a);
    }

    private static void Body(Arguments a)
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        for (var c = (group * threads) + thread; c < a.Width; c += groups * threads)
        {
            var sum = a.Accumulates != 0 ? a.Destination[c] : 0f;
            for (var chunk = 0; chunk < a.Chunks; chunk++)
            {
                sum += a.Partial[(chunk * a.Width) + c];
            }

            a.Destination[c] = sum;
        }
    }

    internal struct Arguments
    {
        public ArrayView<float> Partial, Destination;
        public int Chunks, Width, Accumulates;
    }
}
