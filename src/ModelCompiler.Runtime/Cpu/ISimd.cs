namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// A vector of floats. Kernels are generic over it: the JIT makes one copy for each width, with every call an instruction.
/// Loads and stores with a count touch no memory behind it; missing lanes read as 0.
/// </summary>
public unsafe interface ISimd<V> : IFloat<V>
    where V : unmanaged, ISimd<V>
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Lanes { get; }

    static abstract V Load(float* source);

    /// <summary>The first <paramref name="count"/> floats (1 or more); all lanes where there are that many.</summary>
    static abstract V Load(float* source, int count);

    static abstract void Store(float* destination, V value);

    static abstract void Store(float* destination, V value, int count);

    /// <summary>Narrow elements, each as the float that it is.</summary>
    static abstract V Load(BFloat16* source);

    /// <summary>Rounds each to the nearest, ties to even; NaN stays NaN.</summary>
    static abstract void Store(BFloat16* destination, V value);

    /// <summary>What storing and loading gives.</summary>
    static abstract V RoundToBFloat16(V value);

    static virtual V Load(BFloat16* source, int count)
    {
        if (count >= V.Lanes)
        {
            return V.Load(source);
        }

        var lanes = stackalloc BFloat16[16];
        new ReadOnlySpan<BFloat16>(source, count).CopyTo(new Span<BFloat16>(lanes, 16));
        return V.Load(lanes);
    }

    static virtual void Store(BFloat16* destination, V value, int count)
    {
        if (count >= V.Lanes)
        {
            V.Store(destination, value);
            return;
        }

        var lanes = stackalloc BFloat16[16];
        V.Store(lanes, value);
        new ReadOnlySpan<BFloat16>(lanes, count).CopyTo(new Span<BFloat16>(destination, count));
    }

    /// <summary>table[index] for whole indices 0 to 15.</summary>
    static abstract V Lookup(float* table, V index);

    /// <summary>Lanes from <paramref name="count"/> on replaced.</summary>
    static abstract V First(V value, int count, float fill);

    /// <summary>Sum of the lanes, in one fixed order.</summary>
    static abstract float Sum(V value);

    /// <summary>Greatest lane; lanes that are NaN may be passed over.</summary>
    static abstract float Largest(V value);

    /// <summary>1/(1-p) in lanes whose element is kept, else 0; lane i is <paramref name="element"/> + i.</summary>
    static virtual V Keep(in DropoutKey key, long element)
    {
        var lanes = stackalloc float[16];
        key.Fill(new Span<float>(lanes, V.Lanes), element);
        return V.Load(lanes);
    }

    static virtual V Exp(V x) => Elementary.Exp(x);

    static virtual V Exp2(V x) => Elementary.Exp2(x);

    static virtual V Log(V x) => Elementary.Log(x);

    static virtual V Tanh(V x) => Elementary.Tanh(x);

    static virtual V Erf(V x) => Elementary.Erf(x);

    static virtual V Sigmoid(V x) => Elementary.Sigmoid(x);

    static virtual V Gelu(V x) => Elementary.Gelu(x);

    static virtual V GeluSlope(V x) => Elementary.GeluSlope(x);

    static virtual V GeluTanh(V x) => Elementary.GeluTanh(x);

    static virtual V GeluTanhSlope(V x) => Elementary.GeluTanhSlope(x);
}
