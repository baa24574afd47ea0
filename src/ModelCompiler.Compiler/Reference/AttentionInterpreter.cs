using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Reference;

/// <summary>Attention with the whole matrix of probabilities written out.</summary>
internal static class AttentionInterpreter
{
    public static void Run(AttentionKernel k, KernelCall call)
    {
        if (k.IsCached)
        {
            (k, call) = k.IsKept ? call.Cache!.Ask(k, call) : call.Cache!.Extend(k, call);
        }

        var samples = (int)k.Samples.At(call.Batch, call.Length, call.Second);
        var (queries, keys) = ((int)k.Queries.At(call.Batch, call.Length, call.Second), (int)k.Keys.At(call.Batch, call.Length, call.Second));
        if (k.IsGradient)
        {
            Array.Clear(call.Buffers[k.GradientOf(k.Query)], 0, samples * queries * k.Query.Stride);
            Array.Clear(call.Buffers[k.GradientOf(k.Key)], 0, samples * keys * k.Key.Stride);
        }

        for (var b = 0; b < samples; b++)
        {
            for (var h = 0; h < k.Heads; h++)
            {
                new Head(k, call, b, h, queries, keys).Run();
            }
        }
    }

    private sealed class Head(AttentionKernel k, KernelCall call, int b, int h, int queries, int keys)
    {
        private readonly double[]? _mask = k.HasMask ? call.Buffers[k.Mask] : null;
        private readonly double _scale = k.ByLayer ? k.Scale / (call.Layer + 1) : k.Scale;

        public void Run()
        {
            for (var i = 0; i < queries; i++)
            {
                if (k.IsGradient)
                {
                    Backward(i, Saved(i));
                }
                else
                {
                    Forward(i, Probabilities(i, out var logSum), logSum);
                }
            }
        }

        private int QueryAt(int token, int d) => (((b * queries) + token) * k.Query.Stride) + k.Query.Offset + (h * k.HeadWidth) + d;

        private int KeyAt(AttentionPlace place, int token, int d) => (((b * keys) + token) * place.Stride) + place.Offset + (h * k.KeyHeads / k.Heads * k.HeadWidth) + d;

        private int Out(int token, int d) => (((b * queries) + token) * k.Width) + (h * k.HeadWidth) + d;

        private double Query(int token, int d) => call.Buffers[k.Query.Operand][QueryAt(token, d)];

        private double Key(AttentionPlace place, int token, int d) => call.Buffers[place.Operand][KeyAt(place, token, d)];

        private double Dot(int i, int j) => Enumerable.Range(0, k.HeadWidth).Sum(d => Query(i, d) * Key(k.Key, j, d)) * _scale;

        private bool IsHidden(int i, int j) => (k.IsCausal && j > i + keys - queries) || (_mask is not null && _mask[(b * keys) + j] == 0);

        private double[] Probabilities(int i, out double logSum)
        {
            var scores = Enumerable.Range(0, keys).Select(j => IsHidden(i, j) ? double.NegativeInfinity : Dot(i, j)).ToArray();
            var max = scores.Max();
            if (double.IsNegativeInfinity(max))
            {
                logSum = 0;
                return new double[keys];
            }

            var sum = scores.Sum(s => Math.Exp(s - max));
            logSum = max + Math.Log(sum);
            return [.. scores.Select(s => Math.Exp(s - max) / sum)];
        }

        // Of what forward saved: these keys may be some of those that the row saw.
        private double[] Saved(int i) => [.. Enumerable.Range(0, keys).Select(j => IsHidden(i, j) ? 0 : Math.Exp(Dot(i, j) - call.Buffers[k.LogSums][(((b * k.Heads) + h) * queries) + i]))];

        private double Kept(int i, int j) => k.Dropout == 0 ? 1
            : call.Keep!(k.Site + call.Layer, (((((long)b * k.Heads) + h) * queries + i) * keys) + j, k.Dropout) ? 1 / (1 - k.Dropout) : 0;

        private void Forward(int i, double[] p, double logSum)
        {
            for (var d = 0; d < k.HeadWidth; d++)
            {
                call.Buffers[k.Output][Out(i, d)] = Enumerable.Range(0, keys).Sum(j => p[j] == 0 ? 0 : p[j] * Kept(i, j) * Key(k.Value, j, d));
            }

            call.Buffers[k.LogSums][(((b * k.Heads) + h) * queries) + i] = logSum;
        }

        private void Backward(int i, double[] p)
        {
            var dy = call.Buffers[k.OutputGradient];
            var (dq, dk, dv) = (call.Buffers[k.GradientOf(k.Query)], call.Buffers[k.GradientOf(k.Key)], call.Buffers[k.GradientOf(k.Value)]);
            var dp = Enumerable.Range(0, keys)
                .Select(j => p[j] == 0 ? 0 : Kept(i, j) * Enumerable.Range(0, k.HeadWidth).Sum(c => dy[Out(i, c)] * Key(k.Value, j, c))).ToArray();
            var mean = Enumerable.Range(0, k.HeadWidth).Sum(c => dy[Out(i, c)] * call.Buffers[k.Output][Out(i, c)]);
            for (var j = 0; j < keys; j++)
            {
                var ds = p[j] * (dp[j] - mean) * _scale;
                for (var c = 0; c < k.HeadWidth; c++)
                {
                    dq[QueryAt(i, c)] += ds * Key(k.Key, j, c);
                    dk[KeyAt(k.Key, j, c)] += ds * Query(i, c);
                    dv[KeyAt(k.Value, j, c)] += p[j] * (p[j] == 0 ? 0 : Kept(i, j)) * dy[Out(i, c)];
                }
            }
        }
    }
}
