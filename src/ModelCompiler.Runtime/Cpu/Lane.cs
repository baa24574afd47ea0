using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Vectors by lane number.</summary>
public static unsafe class Lane
{
    /// <summary>1 in a lane, 0 in the others; all 0 where the lane is outside of the vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OneHot<V>(long lane)
        where V : unmanaged, ISimd<V> => (ulong)lane < (ulong)V.Lanes ? Make<V>((int)lane) : V.Zero;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V Make<V>(int lane)
        where V : unmanaged, ISimd<V>
    {
        var lanes = stackalloc float[16];
        lanes[lane] = 1f;
        return V.Load(lanes);
    }
}
