using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>What the threads of a group do together. Groups have a power of two of threads, one at least, and all of them call.</summary>
public static class Groups
{
    /// <summary>Values that a group exchanges: one for each thread of the largest group.</summary>
    public const int Size = 256;

    /// <summary>Columns of a group that adds up rows.</summary>
    public const int Columns = 16;

    /// <summary>The sum over threads that are a multiple of <paramref name="wide"/> apart, a power of two; in one fixed order.</summary>
    /// <param name="shared">A group's memory of <see cref="Size"/> values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfLanes(ArrayView<float> shared, int thread, int threads, int wide, float value)
    {
        shared[thread] = value;
        Group.Barrier();
        for (var half = threads >> 1; half >= wide; half >>= 1)
        {
            if (thread < half)
            {
                shared[thread] += shared[thread + half];
            }

            Group.Barrier();
        }

        var sum = shared[thread & (wide - 1)];
        Group.Barrier();
        return sum;
    }

    /// <summary>The sum over the threads, in one fixed order.</summary>
    /// <param name="shared">A group's memory of <see cref="Size"/> values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(ArrayView<float> shared, int thread, int threads, float value)
    {
        shared[thread] = value;
        Group.Barrier();
        for (var half = threads >> 1; half > 0; half >>= 1)
        {
            if (thread < half)
            {
                shared[thread] += shared[thread + half];
            }

            Group.Barrier();
        }

        var sum = shared[0];
        Group.Barrier();
        return sum;
    }

    /// <summary>The greatest value over the threads.</summary>
    /// <param name="shared">A group's memory of <see cref="Size"/> values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(ArrayView<float> shared, int thread, int threads, float value)
    {
        shared[thread] = value;
        Group.Barrier();
        for (var half = threads >> 1; half > 0; half >>= 1)
        {
            if (thread < half)
            {
                shared[thread] = DeviceMath.Max(shared[thread + half], shared[thread]);
            }

            Group.Barrier();
        }

        var largest = shared[0];
        Group.Barrier();
        return largest;
    }
}
