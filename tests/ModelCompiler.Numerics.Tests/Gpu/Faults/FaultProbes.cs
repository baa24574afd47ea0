using System.Reflection;
using ILGPU;

namespace ModelCompiler.Numerics.Tests;

/// <summary>The smallest kernels that show ILGPU's faults.</summary>
internal static class FaultProbes
{
    public static MethodInfo Of(Action<Arguments> kernel) => kernel.Method;

    /// <summary>A sum over tiles, read in reverse order: each thread reads what others wrote, between barriers.</summary>
    public static void Tiles(Arguments a)
    {
        var shared = SharedMemory.Allocate<float>(64);
        var (thread, sum) = (Group.IdxX, 0f);
        for (var tile = 0; tile < a.Count; tile++)
        {
            shared[thread] = a.Values[(tile * 64) + thread];
            Group.Barrier();
            sum += shared[63 - thread];
            Group.Barrier();
        }

        a.Results[thread] = sum;
    }

    /// <summary>A loop as long as an if in each thread has said.</summary>
    public static void Merged(Arguments a)
    {
        var thread = Group.IdxX;
        var last = 3;
        if (a.Values[thread] > 0f)
        {
            last = 7;
        }

        var sum = 0f;
        for (var i = 0; i < last; i++)
        {
            sum += a.Values[i];
        }

        a.Results[thread] = sum;
    }

    /// <summary>A division that rounds towards 0.</summary>
    public static void Division(Arguments a) => a.Integers[0] = (a.Count - 300) / 8;

    /// <summary>A sum whose order decides: x is lost in the greater number.</summary>
    public static void Reassociation(Arguments a) => a.Results[0] = a.Values[0] + 1e8f + -1e8f;

    /// <summary>A product of unsigned numbers beyond the range of signed ones.</summary>
    public static void Unsigned(Arguments a)
    {
        var product = 0xD2511F53UL * (uint)a.Count;
        a.Integers[0] = (int)(uint)(product >> 32);
    }

    public struct Arguments(ArrayView<float> values, ArrayView<float> results, ArrayView<int> integers, int count)
    {
        public ArrayView<float> Values = values, Results = results;
        public ArrayView<int> Integers = integers;
        public int Count = count;
    }
}
