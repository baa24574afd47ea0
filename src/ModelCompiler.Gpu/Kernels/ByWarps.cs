using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// Reductions on CUDA's devices: the threads of a warp tell each other, then one value a warp goes through the group's memory, so that there are two
/// barriers, and none in a group of one warp. Warps are whole, eight at most, and no thread stays away.
/// </summary>
public struct ByWarps : IReduction
{
    /// <summary>Threads of a warp.</summary>
    public const int Threads = 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(ArrayView<float> shared, int thread, int threads, float value)
    {
        value += Warp.ShuffleXor(value, 16);
        value += Warp.ShuffleXor(value, 8);
        value = SumOfEight(value);
        return threads > Threads ? SumOfEight(Exchange(shared, thread, threads, value, 0f)) : Alone(value);
    }

    /// <remarks>Of numbers and NaN it depends on the order which is the greater: all threads get what the first one has.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(ArrayView<float> shared, int thread, int threads, float value)
    {
        value = DeviceMath.Max(Warp.ShuffleXor(value, 16), value);
        value = DeviceMath.Max(Warp.ShuffleXor(value, 8), value);
        value = LargestOfEight(value);
        value = threads > Threads ? LargestOfEight(Exchange(shared, thread, threads, value, float.NegativeInfinity)) : Alone(value);
        return Warp.Shuffle(value, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfLanes(ArrayView<float> shared, int thread, int threads, int wide, float value)
    {
        for (var half = Threads >> 1; half >= wide; half >>= 1)
        {
            value += Warp.ShuffleXor(value, half);
        }

        var lane = thread & (Threads - 1);
        if (lane < wide)
        {
            shared[((thread >> 5) * wide) + lane] = value;
        }

        Group.Barrier();
        var sum = 0f;
        for (var at = thread & (wide - 1); at < (threads >> 5) * wide; at += wide)
        {
            sum += shared[at];
        }

        Group.Barrier();
        return sum;
    }

    // The value of each warp, in every eight threads; where there is no such warp, what changes nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Exchange(ArrayView<float> shared, int thread, int threads, float value, float nothing)
    {
        if ((thread & (Threads - 1)) == 0)
        {
            shared[thread >> 5] = value;
        }

        Group.Barrier();
        var warp = thread & 7;
        value = warp < threads >> 5 ? shared[warp] : nothing;
        Group.Barrier();
        return value;
    }

    // Orders what the threads of the only warp did before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Alone(float value)
    {
        Warp.Barrier();
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float SumOfEight(float value)
    {
        value += Warp.ShuffleXor(value, 4);
        value += Warp.ShuffleXor(value, 2);
        return value + Warp.ShuffleXor(value, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LargestOfEight(float value)
    {
        value = DeviceMath.Max(Warp.ShuffleXor(value, 4), value);
        value = DeviceMath.Max(Warp.ShuffleXor(value, 2), value);
        return DeviceMath.Max(Warp.ShuffleXor(value, 1), value);
    }
}
