using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Reference;

/// <summary>Attention with the whole matrix of probabilities written out.</summary>
internal static class AttentionInterpreter
{
    public static void Run(AttentionKernel k, KernelCall call)
    {
        var tokens = (int)k.Tokens.At(call.Batch, call.Length);
        for (var b = 0; b < call.Batch; b++)
        {
            for (var h = 0; h < k.Heads; h++)
            {
                new Head(k, call, b, h, tokens).Run();
            }
        }
    }

    private sealed class Head(AttentionKernel k, KernelCall call, int b, int h, int tokens)
    {
        private readonly double[] _qkv = call.Buffers[0];
        private readonly double[]? _mask = k.HasMask ? call.Buffers[k.IsGradient ? 4 : 1] : null;
        private readonly int _width = k.Heads * k.HeadWidth;
        private readonly int _keyWidth = k.KeyHeads * k.HeadWidth;
        private readonly double _scale = k.ByLayer ? k.Scale / (call.Layer + 1) : k.Scale;

        public void Run()
        {
            for (var i = 0; i < tokens; i++)
            {
                var p = Probabilities(i, out var logSum);
                if (k.IsGradient)
                {
                    Backward(i, p);
                }
                else
                {
                    Forward(i, p, logSum);
                }
            }
        }

        // Part 0 is the query, 1 the key, 2 the value.
        private int At(int token, int part, int d) => (((b * tokens) + token) * (_width + (2 * _keyWidth))) + d
            + (part == 0 ? h * k.HeadWidth : _width + ((part - 1) * _keyWidth) + (h * k.KeyHeads / k.Heads * k.HeadWidth));

        private int Out(int token, int d) => (((b * tokens) + token) * _width) + (h * k.HeadWidth) + d;

        private double Dot(int i, int j) => Enumerable.Range(0, k.HeadWidth).Sum(d => _qkv[At(i, 0, d)] * _qkv[At(j, 1, d)]) * _scale;

        private double[] Probabilities(int i, out double logSum)
        {
            var scores = Enumerable.Range(0, tokens)
                .Select(j => (k.IsCausal && j > i) || (_mask is not null && _mask[(b * tokens) + j] == 0) ? double.NegativeInfinity : Dot(i, j)).ToArray();
            var max = scores.Max();
            if (double.IsNegativeInfinity(max))
            {
                logSum = 0;
                return new double[tokens];
            }

            var sum = scores.Sum(s => Math.Exp(s - max));
            logSum = max + Math.Log(sum);
            return [.. scores.Select(s => Math.Exp(s - max) / sum)];
        }

        private double Kept(int i, int j) => k.Dropout == 0 ? 1
            : call.Keep!(k.Site + call.Layer, (((((long)b * k.Heads) + h) * tokens + i) * tokens) + j, k.Dropout) ? 1 / (1 - k.Dropout) : 0;

        private void Forward(int i, double[] p, double logSum)
        {
            var y = call.Buffers[call.Buffers.Length - 2];
            for (var d = 0; d < k.HeadWidth; d++)
            {
                y[Out(i, d)] = Enumerable.Range(0, tokens).Sum(j => p[j] == 0 ? 0 : p[j] * Kept(i, j) * _qkv[At(j, 2, d)]);
            }

            call.Buffers[call.Buffers.Length - 1][(((b * k.Heads) + h) * tokens) + i] = logSum;
        }

        private void Backward(int i, double[] p)
        {
            var dy = call.Buffers[3];
            var d = call.Buffers[call.Buffers.Length - 1];
            if (i == 0 && h == 0)
            {
                var row = tokens * (_width + (2 * _keyWidth));
                Array.Clear(d, b * row, row);
            }

            var dp = Enumerable.Range(0, tokens)
                .Select(j => p[j] == 0 ? 0 : Kept(i, j) * Enumerable.Range(0, k.HeadWidth).Sum(c => dy[Out(i, c)] * _qkv[At(j, 2, c)])).ToArray();
            var mean = Enumerable.Range(0, tokens).Sum(j => p[j] * dp[j]);
            for (var j = 0; j < tokens; j++)
            {
                var ds = p[j] * (dp[j] - mean) * _scale;
                for (var c = 0; c < k.HeadWidth; c++)
                {
                    d[At(i, 0, c)] += ds * _qkv[At(j, 1, c)];
                    d[At(j, 1, c)] += ds * _qkv[At(i, 0, c)];
                    d[At(j, 2, c)] += p[j] * (p[j] == 0 ? 0 : Kept(i, j)) * dy[Out(i, c)];
                }
            }
        }
    }
}
