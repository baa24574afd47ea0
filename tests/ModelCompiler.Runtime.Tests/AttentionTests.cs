using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime.Tests;

/// <summary>Attention by blocks against the whole matrix of probabilities in double: sizes around tiles and blocks, masks, shared key heads, dropout.</summary>
public sealed unsafe class AttentionTests
{
    public static TheoryData<AttentionCase, InstructionSet> Cases => new(
        from c in new AttentionCase[]
        {
            new(1, 1, 1, 1, 1, 1),
            new(2, 3, 3, 12, 7, 7),
            new(2, 2, 2, 64, 65, 65) { IsCausal = true },
            new(1, 4, 2, 32, 100, 100) { IsCausal = true, Masked = 9 },
            new(3, 2, 2, 16, 33, 33) { Masked = 5 },
            new(2, 6, 1, 20, 50, 50) { Dropout = 0.3f },
            new(1, 2, 2, 8, 5, 210) { Masked = 40 },
            new(1, 1, 1, 64, 230, 230) { IsCausal = true, Dropout = 0.1f },
            new(1, 2, 2, 40, 12, 30) { IsCausal = true },
            new(2, 1, 1, 4, 9, 9) { Masked = 9 },
        }
        from set in Enum.GetValues<InstructionSet>()
        select (c, set));

    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_the_matrix_of_probabilities(AttentionCase c, InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        var expected = c.Reference();
        var actual = c.Run(set, threads: 1);
        for (var i = 0; i < expected.Length; i++)
        {
            Close(expected[i], actual[i], AttentionCase.Names[i]);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Bits_do_not_depend_on_threads(AttentionCase c, InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        var one = c.Run(set, threads: 1);
        foreach (var threads in new[] { 2, 3, 8 })
        {
            Assert.Equal(one, c.Run(set, threads));
        }
    }

    private static void Close(double[] expected, float[] actual, string what)
    {
        var scale = Math.Max(1e-2, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 3e-6 * scale, $"{what}[{i}]: {expected[i]} expected, {actual[i]} found (largest {scale})");
        }
    }
}

/// <summary>One size of attention with inputs drawn by a fixed seed.</summary>
/// <param name="Masked">Keys hidden at the end of the last row of the batch, and one in the middle.</param>
public sealed unsafe record AttentionCase(int Batch, int Heads, int KeyHeads, int Width, int Queries, int Keys)
{
    public static readonly string[] Names = ["output", "log sum", "query gradient", "key gradient", "value gradient"];

    public bool IsCausal { get; init; }

    public int Masked { get; init; }

    public float Dropout { get; init; }

    private float Scale => 0.7f / MathF.Sqrt(Width);

    private DropoutKey Key => new(5, 2, 3, Dropout);

    public float[][] Run(InstructionSet set, int threads)
    {
        using var context = new CpuContext(threads, set);
        context.ReserveScratch(0, Attention.WorkerScratchBytes(Queries, Keys, Width));
        var (q, k, v, dy) = Inputs();
        var mask = Mask();
        var results = new[] { new float[q.Length], new float[Batch * Heads * Queries], new float[q.Length], new float[k.Length], new float[k.Length] };
        fixed (float* qp = q, kp = k, vp = v, dyp = dy, y = results[0], lse = results[1], dq = results[2], dk = results[3], dv = results[4])
        fixed (int* m = mask)
        {
            AttentionArguments a = default;
            a.Query = qp;
            a.Key = kp;
            a.Value = vp;
            a.Output = y;
            a.LogSumExp = lse;
            a.QueryStride = a.OutputStride = Heads * Width;
            a.KeyStride = a.ValueStride = KeyHeads * Width;
            (a.Batch, a.Heads, a.KeyHeads, a.HeadWidth, a.Queries, a.Keys) = (Batch, Heads, KeyHeads, Width, Queries, Keys);
            (a.Causal, a.Scale, a.Dropout, a.HasDropout) = (IsCausal, Scale, Key, Dropout > 0);
            a.KeyMask = Masked > 0 ? m : null;
            Attention.Forward(context, in a);
            AttentionGradients g = default;
            g.OutputGradient = dyp;
            g.QueryGradient = dq;
            g.KeyGradient = dk;
            g.ValueGradient = dv;
            g.OutputGradientStride = g.QueryGradientStride = Heads * Width;
            g.KeyGradientStride = g.ValueGradientStride = KeyHeads * Width;
            Attention.Backward(context, in a, in g);
        }

        return results;
    }

    /// <summary>The same in double precision, one element after the other.</summary>
    public double[][] Reference()
    {
        var (q, k, v, dy) = Inputs();
        var mask = Mask();
        var (y, lse, dq, dk, dv) = (new double[q.Length], new double[Batch * Heads * Queries], new double[q.Length], new double[k.Length], new double[k.Length]);
        for (var b = 0; b < Batch; b++)
        {
            for (var h = 0; h < Heads; h++)
            {
                for (var i = 0; i < Queries; i++)
                {
                    int Q(int d) => (((((b * Queries) + i) * Heads) + h) * Width) + d;
                    int K(int j, int d) => (((((b * Keys) + j) * KeyHeads) + (h / (Heads / KeyHeads))) * Width) + d;
                    var keys = Enumerable.Range(0, Keys).Where(j => (!IsCausal || j <= i + Keys - Queries) && mask[(b * Keys) + j] != 0).ToArray();
                    var scores = keys.Select(j => Enumerable.Range(0, Width).Sum(d => (double)q[Q(d)] * k[K(j, d)]) * Scale).ToArray();
                    if (keys.Length == 0)
                    {
                        continue;
                    }

                    var sum = scores.Sum(s => Math.Exp(s - scores.Max()));
                    lse[(((b * Heads) + h) * Queries) + i] = scores.Max() + Math.Log(sum);
                    var p = scores.Select(s => Math.Exp(s - scores.Max()) / sum).ToArray();
                    var keep = keys.Select(j => Dropout > 0 ? Key.Keep((((((long)b * Heads) + h) * Queries + i) * Keys) + j) : 1f).ToArray();
                    var dp = keys.Select((j, n) => keep[n] * Enumerable.Range(0, Width).Sum(d => (double)dy[Q(d)] * v[K(j, d)])).ToArray();
                    var mean = p.Zip(dp, static (x, z) => x * z).Sum();
                    for (var n = 0; n < keys.Length; n++)
                    {
                        var ds = p[n] * (dp[n] - mean) * Scale;
                        for (var d = 0; d < Width; d++)
                        {
                            y[Q(d)] += p[n] * keep[n] * v[K(keys[n], d)];
                            dq[Q(d)] += ds * k[K(keys[n], d)];
                            dk[K(keys[n], d)] += ds * q[Q(d)];
                            dv[K(keys[n], d)] += p[n] * keep[n] * dy[Q(d)];
                        }
                    }
                }
            }
        }

        return [y, lse, dq, dk, dv];
    }

    private (float[] Q, float[] K, float[] V, float[] Dy) Inputs()
    {
        var random = new Random(11);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * 4))];
        var queries = Batch * Queries * Heads * Width;
        var keys = Batch * Keys * KeyHeads * Width;
        return (Draw(queries), Draw(keys), Draw(keys), Draw(queries));
    }

    private int[] Mask()
    {
        var mask = new int[Batch * Keys];
        Array.Fill(mask, 1);
        if (Masked > 0)
        {
            mask.AsSpan(mask.Length - Masked).Clear();
            mask[Keys / 3] = 0;
        }

        return mask;
    }
}
