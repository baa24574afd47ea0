namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Arithmetic that formulas are made of, for whatever a back end computes with: a vector of floats or a single one. The elementary functions
/// are written over it once.
/// </summary>
public interface IFloat<V>
    where V : unmanaged, IFloat<V>
{
    static abstract V Zero { get; }

    static abstract V Create(float value);

    static abstract V operator +(V a, V b);

    static abstract V operator -(V a, V b);

    static abstract V operator *(V a, V b);

    static abstract V operator /(V a, V b);

    static abstract V operator -(V a);

    /// <summary>a b + c, with one rounding where the device has that.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    static abstract V Max(V a, V b);

    static abstract V Min(V a, V b);

    static abstract V Abs(V a);

    static abstract V Sqrt(V a);

    /// <summary>Nearest whole number.</summary>
    static abstract V Round(V a);

    /// <summary>a 2^n for a whole n from -250 to 250.</summary>
    static abstract V Scale(V a, V n);

    /// <summary>The whole n with 2^n at most a, below 2^(n+1); a above 0 and no denormal.</summary>
    static abstract V Exponent(V a);

    /// <summary>a &gt; b ? x : y in each lane.</summary>
    static abstract V Where(V a, V b, V x, V y);

    /// <summary>Phi(-y) for y at least 0: the tail of the normal distribution, with an absolute error of 5e-8 or less.</summary>
    static abstract V Tail(V y);
}
