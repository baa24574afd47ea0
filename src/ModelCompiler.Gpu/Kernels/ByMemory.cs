using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Reductions on every device: trees in a group's memory, with a barrier at each of their steps.</summary>
public struct ByMemory : IReduction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(ArrayView<float> shared, int thread, int threads, float value) => SumOfLanes(shared, thread, threads, 1, value);

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
}
