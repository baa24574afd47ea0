using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>A stretch of the parameter arena that the optimizer treats alike.</summary>
public struct ParameterChunk
{
    public int Offset, Count;

    /// <summary>1: weight decay applies.</summary>
    public int Decays;
}

/// <summary>The global norm of all gradients: sums of squares chunk by chunk, then <see cref="StepVerdict"/> over them.</summary>
internal static class GradientNorm
{
    public static void SumsOfSquares(GpuContext context, ArrayView<float> gradients, ArrayView<ParameterChunk> chunks, ArrayView<float> partial)
    {
        Arguments a = default;
        (a.Gradients, a.Chunks, a.Partial) = (gradients, chunks, partial);
        context.Launch(Body<ByWarps>, Body<ByMemory>, chunks.IntLength, Groups.Size, in a);
    }

    private static void Body<TReduction>(Arguments a)
        where TReduction : struct, IReduction
    {
        var shared = SharedMemory.Allocate<float>(Groups.Size);
        var (thread, threads, group) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var part = a.Chunks[group];
        var sum = 0f;
        for (var i = thread; i < part.Count; i += threads)
        {
            var value = a.Gradients[part.Offset + i];
            sum += value * value;
        }

        sum = TReduction.Sum(shared, thread, threads, sum);
        if (thread == 0)
        {
            a.Partial[group] = sum;
        }
    }

    internal struct Arguments
    {
        public ArrayView<float> Gradients, Partial;
        public ArrayView<ParameterChunk> Chunks;
    }
}
