using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Reference;

/// <summary>The plain meaning of <see cref="ContrastKernel"/>: all similarities at once.</summary>
internal static class ContrastInterpreter
{
    public static void Run(ContrastKernel k, KernelCall call)
    {
        var pairs = (int)k.Pairs.At(call.Batch, call.Length);
        var b = call.Buffers;
        double Similarity(int row, int column) => Enumerable.Range(0, k.Width).Sum(i => b[0][(row * k.Width) + i] * b[1][(column * k.Width) + i]);
        var s = Enumerable.Range(0, pairs).Select(row => Enumerable.Range(0, pairs).Select(column => Similarity(row, column)).ToArray()).ToArray();
        if (k.IsGradient)
        {
            Differentiate(k, b, s);
            return;
        }

        var loss = 0.0;
        for (var i = 0; i < pairs; i++)
        {
            (b[4][i], b[5][i]) = Statistics(s[i]);
            (b[6][i], b[7][i]) = Statistics([.. s.Select(row => row[i])]);
            b[8][i] = s[i][i];
            loss += b[4][i] - b[8][i] + b[5][i] + (b[6][i] - b[8][i]) + b[7][i];
        }

        b[3][0] = 0.5 * loss * b[2][0];
    }

    private static (double Largest, double LogSum) Statistics(double[] values)
    {
        var largest = values.Max();
        return (largest, Math.Log(values.Sum(v => Math.Exp(v - largest))));
    }

    private static void Differentiate(ContrastKernel k, double[][] b, double[][] s)
    {
        for (var row = 0; row < s.Length; row++)
        {
            for (var column = 0; column < s.Length; column++)
            {
                var p = Math.Exp(s[row][column] - b[2][row] - b[3][row]) + Math.Exp(s[row][column] - b[4][column] - b[5][column]);
                s[row][column] = 0.5 * b[6][0] * b[7][0] * (row == column ? p - 2 : p);
            }
        }

        for (var row = 0; row < s.Length; row++)
        {
            for (var i = 0; i < k.Width; i++)
            {
                var at = (row * k.Width) + i;
                var sum = Enumerable.Range(0, s.Length).Sum(column => s[row][column] * b[1][(column * k.Width) + i]);
                b[8][at] = k.Operands[8].Adds ? b[8][at] + sum : sum;
            }
        }
    }
}
