using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>The tail of the normal distribution over vectors, by a table that stays in registers.</summary>
internal static unsafe class NormalTail
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

    /// <summary>Phi(-y) for y at least 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V y)
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
