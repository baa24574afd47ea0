using ILGPU;
using ILGPU.Runtime;
using ModelCompiler.Gpu;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Attention by tiles of 64 tokens against attention by single queries, which the table of ops holds to the interpreter: sizes that no tile divides.</summary>
[Trait("suite", "gpu")]
public sealed class GpuAttentionTests
{
    public static TheoryData<int, int, int, int, bool, bool, float> Cases => new(
        (1, 1, 1, 4, false, false, 0f), (65, 2, 1, 20, true, false, 0f), (130, 4, 2, 64, false, true, 0f), (70, 2, 2, 80, true, true, 0.2f), (64, 1, 1, 64, false, false, 0.3f));

    [Theory, MemberData(nameof(Cases))]
    public void Tiles_give_what_single_queries_give(int tokens, int heads, int keyHeads, int width, bool causal, bool masked, float dropout)
    {
        var device = GpuDevicesOfTests.OpenCl();
        var expected = Run(false);
        var actual = Run(true);
        foreach (var (name, values) in expected)
        {
            for (var i = 0; i < values.Length; i++)
            {
                Assert.True(Math.Abs(values[i] - actual[name][i]) <= 2e-5f * Math.Max(1f, Math.Abs(values[i])), $"{name}[{i}] is {actual[name][i]}, {values[i]} expected");
            }
        }

        Dictionary<string, float[]> Run(bool hasGroupMemory)
        {
            const int Batch = 2;
            using var context = new GpuContext(device) { HasGroupMemory = hasGroupMemory };
            var accelerator = context.Accelerator;
            var (stride, all) = ((heads + (2 * keyHeads)) * width, heads * width);
            using var qkv = accelerator.Allocate1D(Numbers(Batch * tokens * stride, 1));
            using var dy = accelerator.Allocate1D(Numbers(Batch * tokens * all, 2));
            using var y = accelerator.Allocate1D(Enumerable.Repeat(float.NaN, Batch * tokens * all).ToArray());
            using var logSums = accelerator.Allocate1D<float>(Batch * heads * tokens);
            using var dqkv = accelerator.Allocate1D(Enumerable.Repeat(float.NaN, Batch * tokens * stride).ToArray());
            using var mask = accelerator.Allocate1D(Enumerable.Range(0, Batch * tokens).Select(i => i % 7 == 3 || (i >= tokens && i < tokens + 2) ? 0 : 1).ToArray());
            using var draw = accelerator.Allocate1D(new[] { 3 });
            AttentionArguments a = default;
            (a.Query, a.Key, a.Value) = (Part(qkv, 0), Part(qkv, all), Part(qkv, all + (keyHeads * width)));
            (a.Output, a.LogSumExp) = (y.View, logSums.View);
            a.QueryStride = a.KeyStride = a.ValueStride = stride;
            (a.OutputStride, a.Batch, a.Heads, a.KeyHeads, a.HeadWidth, a.Queries, a.Keys) = (all, Batch, heads, keyHeads, width, tokens, tokens);
            (a.Scale, a.Causal, a.HasDropout, a.Dropout) = (0.3f, causal, dropout > 0, new DropoutKey(draw.View, 5, 1, dropout));
            if (masked)
            {
                a.KeyMask = mask.View;
            }

            Attention.Forward(context, in a);
            AttentionGradients g = default;
            (g.OutputGradient, g.OutputGradientStride) = (dy.View, all);
            (g.QueryGradient, g.KeyGradient, g.ValueGradient) = (Part(dqkv, 0), Part(dqkv, all), Part(dqkv, all + (keyHeads * width)));
            g.QueryGradientStride = g.KeyGradientStride = g.ValueGradientStride = stride;
            Attention.Backward(context, in a, in g);
            context.Synchronize();
            return new() { ["y"] = y.GetAsArray1D(), ["log sums"] = logSums.GetAsArray1D(), ["dqkv"] = dqkv.GetAsArray1D() };
        }
    }

    private static ArrayView<float> Part(MemoryBuffer1D<float, Stride1D.Dense> buffer, int from) => ((ArrayView<float>)buffer.View).SubView(from);

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
