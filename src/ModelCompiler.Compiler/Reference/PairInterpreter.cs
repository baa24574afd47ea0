using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Reference;

/// <summary>The plain meaning of <see cref="PairKernel"/>: all similarities at once, their losses and slopes.</summary>
internal static class PairInterpreter
{
    // As every back end: a similarity that a row does not see, the log sum of a row that matches none.
    private const double Hidden = -1e30, NoMatch = 1e30;

    public static void Run(PairKernel k, KernelCall call)
    {
        var pairs = (int)k.Pairs.At(call.Batch, call.Length, call.Second);
        var columns = pairs + (int)k.Queued.At(call.Batch, call.Length, call.Second);
        var buffers = k.Roles.Zip(call.Buffers, static (role, buffer) => (Role: role, Buffer: buffer)).ToDictionary(static b => b.Role, static b => b.Buffer);
        var products = Products(buffers, PairRole.First, PairRole.Second, k.Width, pairs, columns);
        var taught = k.TeacherWidth == 0 ? null : Products(buffers, PairRole.FirstTeacher, PairRole.SecondTeacher, k.TeacherWidth, pairs, columns);
        var slopes = k.Rule is PairRule.Contrast contrast ? new ContrastMeaning(contrast, buffers, pairs, products, taught).Run(k.IsGradient) : Sigmoid(buffers, products);
        if (k.IsGradient)
        {
            Differentiate(k, buffers, slopes, pairs, buffers[PairRole.Scale][0] * buffers[PairRole.Loss][0]);
        }
    }

    private static double[][] Products(Dictionary<PairRole, double[]> b, PairRole rows, PairRole columns, int width, int pairs, int count)
    {
        double[] all = [.. b[columns], .. b.TryGetValue(PairRole.Queue, out var queue) ? queue : []];
        return [.. Enumerable.Range(0, pairs).Select(row => Enumerable.Range(0, count).Select(column => Enumerable.Range(0, width).Sum(i => b[rows][(row * width) + i] * all[(column * width) + i])).ToArray())];
    }

    // Gives slopes, whether or not forward's losses are asked for.
    private static double[][] Sigmoid(Dictionary<PairRole, double[]> b, double[][] s)
    {
        var bias = b.TryGetValue(PairRole.Bias, out var given) ? given[0] : 0;
        var slopes = s.Select((row, r) => row.Select((x, c) => r == c ? -1 / (1 + Math.Exp(x + bias)) : 1 / (1 + Math.Exp(-x - bias))).ToArray()).ToArray();
        if (b.TryGetValue(PairRole.Losses, out var losses))
        {
            for (var r = 0; r < s.Length; r++)
            {
                losses[r] = s[r].Select((x, c) => Softplus(r == c ? -x - bias : x + bias)).Sum();
                b[PairRole.Slopes][r] = slopes[r].Sum();
            }

            b[PairRole.Loss][0] = losses.Take(s.Length).Sum() * b[PairRole.Scale][0];
        }

        return slopes;
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static void Differentiate(PairKernel k, Dictionary<PairRole, double[]> b, double[][] slopes, int pairs, double factor)
    {
        double[] columns = [.. b[PairRole.Second], .. b.TryGetValue(PairRole.Queue, out var queue) ? queue : []];
        var adds = k.Operands[k.Operands.Count - 1].Adds;
        for (var row = 0; row < pairs; row++)
        {
            for (var i = 0; i < k.Width; i++)
            {
                ref var gradient = ref b[PairRole.Gradient][(row * k.Width) + i];
                var sum = slopes[row].Select((slope, column) => slope * factor * columns[(column * k.Width) + i]).Sum();
                gradient = adds ? gradient + sum : sum;
            }
        }
    }

    private sealed class ContrastMeaning(PairRule.Contrast rule, Dictionary<PairRole, double[]> b, int pairs, double[][] s, double[][]? t)
    {
        private readonly double[]? _ids = b.TryGetValue(PairRole.Ids, out var ids) ? ids : null;

        public double[][] Run(bool isGradient)
        {
            for (var row = 0; row < pairs; row++)
            {
                for (var column = 0; column < s[row].Length; column++)
                {
                    if ((rule.WithoutOwn && row == column) || (rule.OwnOnly && column < pairs && column != row))
                    {
                        s[row][column] = Hidden;
                        if (t is not null)
                        {
                            t[row][column] = Hidden;
                        }
                    }
                }
            }

            if (isGradient)
            {
                return [.. s.Select((row, r) => row.Select((_, c) => Slope(r, c)).ToArray())];
            }

            var sum = Forward(static (x, r) => x[r], PairRole.FirstLargest, PairRole.FirstTeacherLargest)
                + (rule.BothWays ? Forward(static (x, c) => [.. x.Select(row => row[c])], PairRole.SecondLargest, PairRole.SecondTeacherLargest) : 0);
            b[PairRole.Loss][0] = (rule.BothWays ? 0.5 : 1) * sum * b[PairRole.Scale][0];
            return s;
        }

        // Of each line, a row or a column, what is kept; the roles of the others follow.
        private double Forward(Func<double[][], int, double[]> line, PairRole first, PairRole teacher)
        {
            var sum = 0.0;
            for (var i = 0; i < pairs; i++)
            {
                var values = line(s, i);
                var matched = Enumerable.Range(0, pairs).Where(j => Matches(i, j)).ToArray();
                var (largest, logSum) = Statistics(values);
                var own = matched.Length == 0 ? 0 : matched.Average(j => values[j]);
                var right = (1 - rule.Softness) * own;
                if (t is not null)
                {
                    var taught = line(t, i);
                    var (m, l) = Statistics(taught);
                    var mean = values.Zip(taught, (value, by) => Math.Exp(by - m - l) is var p && p > 0 ? p * value : 0).Sum();
                    (b[teacher][i], b[teacher + 1][i], b[teacher + 2][i]) = (m, l, mean);
                    right += rule.Softness * mean;
                }

                if (_ids is not null)
                {
                    b[PairRole.Matches][i] = matched.Length;
                }

                (b[first][i], b[first + 1][i], b[first + 2][i]) = (largest, matched.Length == 0 ? NoMatch : logSum, own);
                sum += matched.Length == 0 ? 0 : largest - right + logSum;
            }

            return sum;
        }

        private double Slope(int r, int c)
        {
            var (byRows, byColumns) = (b.ContainsKey(PairRole.FirstLargest), b.ContainsKey(PairRole.SecondLargest));
            if (s[r][c] == Hidden)
            {
                return 0;
            }

            var slope = Both(s, PairRole.FirstLargest, PairRole.SecondLargest) - (t is null ? 0 : rule.Softness * Both(t, PairRole.FirstTeacherLargest, PairRole.SecondTeacherLargest));
            slope -= Matches(r, c) ? ((byRows ? 1 : 0) + (byColumns ? 1 : 0)) * (1 - rule.Softness) / (_ids is null ? 1 : b[PairRole.Matches][r]) : 0;
            return rule.BothWays ? 0.5 * slope : slope;

            double Both(double[][] x, PairRole row, PairRole column) =>
                (byRows ? Math.Exp(x[r][c] - b[row][r] - b[row + 1][r]) : 0) + (byColumns ? Math.Exp(x[r][c] - b[column][c] - b[column + 1][c]) : 0);
        }

        private bool Matches(int r, int c) => _ids is null ? r == c : c < pairs && _ids[r] == _ids[c] && !(rule.WithoutOwn && r == c);

        private static (double Largest, double LogSum) Statistics(double[] values)
        {
            var largest = values.Max();
            return (largest, Math.Log(values.Sum(v => Math.Exp(v - largest))));
        }
    }
}
