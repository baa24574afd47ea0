using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Elementary functions, one text for every width of vectors and for single floats of a GPU. NaN stays NaN.</summary>
internal static class Elementary
{
    /// <summary>e^x: x = n ln 2 + r, a polynomial of degree 6 in r, scaled by 2^n. Below 1 ulp from -103 to 88.7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : unmanaged, IFloat<V>
    {
        // The native minimum returns its second operand for NaN.
        x = V.Min(V.Create(130f), V.Max(V.Create(-130f), x));
        var n = V.Round(x * V.Create(1.44269504f));
        var r = V.MultiplyAdd(n, V.Create(-0.693145751953125f), x);
        r = V.MultiplyAdd(n, V.Create(-1.42860676533018704e-06f), r);
        var p = V.MultiplyAdd(V.Create(1.382355228997767e-3f), r, V.Create(8.36882367730140e-3f));
        p = V.MultiplyAdd(p, r, V.Create(4.16682362556457e-2f));
        p = V.MultiplyAdd(p, r, V.Create(0.166665196418762f));
        p = V.MultiplyAdd(p, r, V.Create(0.499999940395355f));
        p = V.MultiplyAdd(p, r, V.Create(1f));
        p = V.MultiplyAdd(p, r, V.Create(1f));
        return V.Scale(p, n);
    }

    /// <summary>2^x: x = n + r, a polynomial of degree 5 in r, scaled by 2^n. 2 ulp from -126 to 127; 0 far below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp2<V>(V x)
        where V : unmanaged, IFloat<V>
    {
        x = V.Max(V.Create(-180f), x);
        var n = V.Round(x);
        var r = x - n;
        var p = V.MultiplyAdd(V.Create(1.327510573901236e-3f), r, V.Create(9.67176537960767e-3f));
        p = V.MultiplyAdd(p, r, V.Create(5.550699308514595e-2f));
        p = V.MultiplyAdd(p, r, V.Create(0.24022237956523895f));
        p = V.MultiplyAdd(p, r, V.Create(0.693147003650665f));
        return V.Scale(V.MultiplyAdd(p, r, V.Create(1f)), n);
    }

    /// <summary>Natural logarithm of a normal x above 0, below 1 ulp: x = 2^e m with m from 0.707 to 1.414, a polynomial of degree 10 in m - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : unmanaged, IFloat<V>
    {
        var e = V.Exponent(x * V.Create(0.707106781f)) + V.Create(1f); // times the root of 2, the largest would be infinite
        var r = V.Scale(x, -e) - V.Create(1f);
        var p = V.MultiplyAdd(V.Create(-7.23589956760406e-2f), r, V.Create(0.125378414988518f));
        p = V.MultiplyAdd(p, r, V.Create(-0.132199138402939f));
        p = V.MultiplyAdd(p, r, V.Create(0.142442435026169f));
        p = V.MultiplyAdd(p, r, V.Create(-0.166208907961845f));
        p = V.MultiplyAdd(p, r, V.Create(0.199986681342125f));
        p = V.MultiplyAdd(p, r, V.Create(-0.250008434057236f));
        p = V.MultiplyAdd(p, r, V.Create(0.333333790302277f));
        var square = r * r;
        var y = V.MultiplyAdd(square * r, p, e * V.Create(-2.12194440e-4f));
        y = V.MultiplyAdd(square, V.Create(-0.5f), y);
        return V.MultiplyAdd(e, V.Create(0.693359375f), r + y);
    }

    /// <summary>1 / (1 + e^-x), to 3 ulp above -87; below it is 0 sooner than it should.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : unmanaged, IFloat<V> => V.Create(1f) / (V.Create(1f) + Exp(-x));

    /// <summary>An odd polynomial below 0.625 (Cephes), 1 - 2 / (e^(2|x|) + 1) with the sign of x above; to 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : unmanaged, IFloat<V>
    {
        var y = V.Abs(x);
        var z = x * x;
        var p = V.MultiplyAdd(V.Create(-5.70498872745e-3f), z, V.Create(2.06390887954e-2f));
        p = V.MultiplyAdd(p, z, V.Create(-5.37397155531e-2f));
        p = V.MultiplyAdd(p, z, V.Create(1.33314422036e-1f));
        p = V.MultiplyAdd(p, z, V.Create(-3.33332819422e-1f));
        p = V.MultiplyAdd(p * z, x, x);
        var far = V.Create(1f) - (V.Create(2f) / (Exp(y + y) + V.Create(1f)));
        return V.Where(y, V.Create(0.625f), V.Where(x, V.Zero, far, -far), p);
    }

    /// <summary>2 Phi(x sqrt 2) - 1; absolute error 1e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : unmanaged, IFloat<V>
    {
        var tail = V.Tail(V.Abs(x) * V.Create(1.41421356f));
        var y = V.Create(1f) - (tail + tail);
        return V.Where(x, V.Zero, y, -y);
    }

    /// <summary>max(x, 0) - |x| Phi(-|x|); error 1e-7 of the larger of 1 and the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gelu<V>(V x)
        where V : unmanaged, IFloat<V>
    {
        var y = V.Min(V.Create(5.8f), V.Abs(x));
        return V.MultiplyAdd(-y, V.Tail(y), V.Max(x, V.Zero));
    }

    /// <summary>Phi(x) + x phi(x); absolute error 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluSlope<V>(V x)
        where V : unmanaged, IFloat<V>
    {
        var tail = V.Tail(V.Abs(x));
        var phi = Exp(x * x * V.Create(-0.5f)) * V.Create(0.398942280f);
        return V.MultiplyAdd(V.Min(V.Create(1e18f), V.Max(V.Create(-1e18f), x)), phi, V.Where(x, V.Zero, V.Create(1f) - tail, tail));
    }

    /// <summary>x sigmoid(2u); error 2e-7 of the larger of 1 and the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanh<V>(V x)
        where V : unmanaged, IFloat<V> => x * Sigmoid(TwiceGeluArgument(x));

    /// <summary>sigmoid(2u) + x sigmoid'(2u) (2u)'; absolute error 3e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanhSlope<V>(V x)
        where V : unmanaged, IFloat<V>
    {
        // Beyond 10 the slope is 0 or 1. The native minimum returns its second operand for NaN.
        x = V.Min(V.Create(10f), V.Max(V.Create(-10f), x));
        var z = TwiceGeluArgument(x);
        var e = Exp(-V.Abs(z));
        var d = V.Create(1f) / (V.Create(1f) + e); // the sigmoid of |z|; 1 - d would cancel, e d does not
        var slope = V.MultiplyAdd(x * x, V.Create(0.214064409f), V.Create(1.59576912f)); // of 2u: 2 sqrt(2/pi) (1 + 3 0.044715 x^2)
        return V.MultiplyAdd(x * slope, e * d * d, V.Where(z, V.Zero, d, e * d));
    }

    // 2u, u = sqrt(2/pi) (x + 0.044715 x^3), within what exp can take.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TwiceGeluArgument<V>(V x)
        where V : unmanaged, IFloat<V> => V.MultiplyAdd(x * x * V.Create(0.0713548162f), x, x * V.Create(1.59576912f));
}
