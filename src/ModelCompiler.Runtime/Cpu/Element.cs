using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Vectors of floats from and to tensors of <typeparamref name="T"/>: float, <see cref="BFloat16"/> or <see cref="RoundedFloat"/>. The JIT keeps one branch.</summary>
internal static unsafe class Element<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(T* source)
        where V : unmanaged, ISimd<V> => typeof(T) == typeof(BFloat16) ? V.Load((BFloat16*)source)
            : typeof(T) == typeof(float) ? V.Load((float*)source) : V.RoundToBFloat16(V.Load((float*)source));

    /// <summary>The first <paramref name="count"/> elements; missing lanes read as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(T* source, int count)
        where V : unmanaged, ISimd<V> => typeof(T) == typeof(BFloat16) ? V.Load((BFloat16*)source, count)
            : typeof(T) == typeof(float) ? V.Load((float*)source, count) : V.RoundToBFloat16(V.Load((float*)source, count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V>(T* destination, V value)
        where V : unmanaged, ISimd<V>
    {
        if (typeof(T) == typeof(BFloat16))
        {
            V.Store((BFloat16*)destination, value);
        }
        else
        {
            V.Store((float*)destination, value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V>(T* destination, V value, int count)
        where V : unmanaged, ISimd<V>
    {
        if (typeof(T) == typeof(BFloat16))
        {
            V.Store((BFloat16*)destination, value, count);
        }
        else
        {
            V.Store((float*)destination, value, count);
        }
    }
}
