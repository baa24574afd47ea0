using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// What the threads of a group make of one value each, in an order that follows from the group's size alone; known when a kernel is compiled. All of them
/// call, all get the result, and what one of them did before is done before another goes on.
/// </summary>
public interface IReduction
{
    /// <param name="shared">A group's memory of <see cref="Groups.Size"/> values.</param>
    static abstract float Sum(ArrayView<float> shared, int thread, int threads, float value);

    /// <summary>The greatest value.</summary>
    /// <param name="shared">A group's memory of <see cref="Groups.Size"/> values.</param>
    static abstract float Largest(ArrayView<float> shared, int thread, int threads, float value);

    /// <summary>The sum over threads that are a multiple of <paramref name="wide"/> apart.</summary>
    /// <param name="shared">A group's memory of <see cref="Groups.Size"/> values.</param>
    /// <param name="wide">A power of two, 32 or less.</param>
    static abstract float SumOfLanes(ArrayView<float> shared, int thread, int threads, int wide, float value);
}
