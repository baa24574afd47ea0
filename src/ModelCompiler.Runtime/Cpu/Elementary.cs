using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Elementary functions over vectors, one text for every width. NaN stays NaN.</summary>
internal static unsafe class Elementary
{
    // Rows of coefficients of Phi(-y) around y = 0.375 n, n = 0..15: a minimax fit of degree 5 in each interval, error 1.5e-8.
    private static readonly float* s_tail = Pin(
    [
        0.5f, 0.353830248f, 0.22662735f, 0.130294517f, 0.066807203f, 0.030396359f, 0.0122244712f, 0.00433244789f, 0.00134989817f, 0.000369078713f, 8.8417466e-05f, 1.85368226e-05f, 3.39770349e-06f, 5.44051034e-07f, 7.6051677e-08f, 9.2758059e-09f,
        -0.398942262f, -0.37185508f, -0.301137447f, -0.211876646f, -0.1295176f, -0.0687862784f, -0.0317396484f, -0.0127241798f, -0.00443184795f, -0.00134111894f, -0.000352595933f, -8.05406235e-05f, -1.598382e-05f, -2.75596972e-06f, -4.12854376e-07f, -5.37339275e-08f,
        -9.0629942e-07f, 0.0697197318f, 0.112925187f, 0.119179957f, 0.0971383527f, 0.0644881949f, 0.035707809f, 0.0167007037f, 0.00664769812f, 0.00226300443f, 0.000661024707f, 0.000166071375f, 3.59478508e-05f, 6.71312318e-06f, 1.0826634e-06f, 1.50914005e-07f,
        0.0665057898f, 0.0532587767f, 0.0219595712f, -0.00937935431f, -0.0269820299f, -0.028839834f, -0.0214908887f, -0.0124925608f, -0.00590923475f, -0.00232249894f, -0.00076758553f, -0.000214952874f, -5.12669358e-05f, -1.04519222e-05f, -1.82639872e-06f, -2.74111073e-07f,
        -0.000114087386f, -0.0164462291f, -0.0227956083f, -0.0171621647f, -0.0060987547f, 0.00269541726f, 0.00608465867f, 0.00539866183f, 0.00332961418f, 0.00159260433f, 0.000616454985f, 0.000197296729f, 5.28764067e-05f, 1.19641263e-05f, 2.29838065e-06f, 3.76402426e-07f,
        -0.00963920821f, -0.00668155542f, 0.000100010184f, 0.00523658283f, 0.00582979666f, 0.00328118703f, 0.00048260417f, -0.000952941075f, -0.00110243261f, -0.00072030205f, -0.000344083732f, -0.000129317326f, -3.95171664e-05f, -9.99801887e-06f, -2.11757924e-06f, -3.78327286e-07f,
    ]);

    /// <summary>e^x: x = n ln 2 + r, a polynomial of degree 6 in r, scaled by 2^n. Below 1 ulp from -103 to 88.7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : unmanaged, ISimd<V>
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
        where V : unmanaged, ISimd<V>
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
        where V : unmanaged, ISimd<V>
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
        where V : unmanaged, ISimd<V> => V.Create(1f) / (V.Create(1f) + V.Exp(-x));

    /// <summary>An odd polynomial below 0.625 (Cephes), 1 - 2 / (e^(2|x|) + 1) with the sign of x above; to 2 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        var y = V.Abs(x);
        var z = x * x;
        var p = V.MultiplyAdd(V.Create(-5.70498872745e-3f), z, V.Create(2.06390887954e-2f));
        p = V.MultiplyAdd(p, z, V.Create(-5.37397155531e-2f));
        p = V.MultiplyAdd(p, z, V.Create(1.33314422036e-1f));
        p = V.MultiplyAdd(p, z, V.Create(-3.33332819422e-1f));
        p = V.MultiplyAdd(p * z, x, x);
        var far = V.Create(1f) - (V.Create(2f) / (V.Exp(y + y) + V.Create(1f)));
        return V.Where(y, V.Create(0.625f), V.Where(x, V.Zero, far, -far), p);
    }

    /// <summary>2 Phi(x sqrt 2) - 1; absolute error 1e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        var tail = Tail(V.Abs(x) * V.Create(1.41421356f));
        var y = V.Create(1f) - (tail + tail);
        return V.Where(x, V.Zero, y, -y);
    }

    /// <summary>max(x, 0) - |x| Phi(-|x|); error 1e-7 of the larger of 1 and the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gelu<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        var y = V.Min(V.Create(5.8f), V.Abs(x));
        return V.MultiplyAdd(-y, Tail(y), V.Max(x, V.Zero));
    }

    /// <summary>Phi(x) + x phi(x); absolute error 2e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluSlope<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        var tail = Tail(V.Abs(x));
        var phi = V.Exp(x * x * V.Create(-0.5f)) * V.Create(0.398942280f);
        return V.MultiplyAdd(V.Min(V.Create(1e18f), V.Max(V.Create(-1e18f), x)), phi, V.Where(x, V.Zero, V.Create(1f) - tail, tail));
    }

    /// <summary>x sigmoid(2u); error 2e-7 of the larger of 1 and the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanh<V>(V x)
        where V : unmanaged, ISimd<V> => x * V.Sigmoid(TwiceGeluArgument(x));

    /// <summary>sigmoid(2u) + x sigmoid'(2u) (2u)'; absolute error 3e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluTanhSlope<V>(V x)
        where V : unmanaged, ISimd<V>
    {
        // Beyond 10 the slope is 0 or 1. The native minimum returns its second operand for NaN.
        x = V.Min(V.Create(10f), V.Max(V.Create(-10f), x));
        var z = TwiceGeluArgument(x);
        var e = V.Exp(-V.Abs(z));
        var d = V.Create(1f) / (V.Create(1f) + e); // the sigmoid of |z|; 1 - d would cancel, e d does not
        var slope = V.MultiplyAdd(x * x, V.Create(0.214064409f), V.Create(1.59576912f)); // of 2u: 2 sqrt(2/pi) (1 + 3 0.044715 x^2)
        return V.MultiplyAdd(x * slope, e * d * d, V.Where(z, V.Zero, d, e * d));
    }

    // 2u, u = sqrt(2/pi) (x + 0.044715 x^3), within what exp can take.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TwiceGeluArgument<V>(V x)
        where V : unmanaged, ISimd<V> => V.MultiplyAdd(x * x * V.Create(0.0713548162f), x, x * V.Create(1.59576912f));

    /// <summary>Phi(-y) for y at least 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Tail<V>(V y)
        where V : unmanaged, ISimd<V>
    {
        // 5.8125 would round to interval 16. The native minimum returns its second operand for NaN.
        y = V.Min(V.Create(5.8f), y);
        var n = V.Round(y * V.Create(1 / 0.375f));
        var r = V.MultiplyAdd(n, V.Create(-0.375f), y);
        n = V.Max(V.Zero, V.Min(n, V.Create(15f)));
        var p = V.Lookup(s_tail + 80, n);
        p = V.MultiplyAdd(p, r, V.Lookup(s_tail + 64, n));
        p = V.MultiplyAdd(p, r, V.Lookup(s_tail + 48, n));
        p = V.MultiplyAdd(p, r, V.Lookup(s_tail + 32, n));
        p = V.MultiplyAdd(p, r, V.Lookup(s_tail + 16, n));
        return V.MultiplyAdd(p, r, V.Lookup(s_tail, n));
    }

    private static float* Pin(ReadOnlySpan<float> values)
    {
        var memory = (float*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)(values.Length * sizeof(float)), 64);
        values.CopyTo(new Span<float>(memory, values.Length));
        return memory;
    }
}
