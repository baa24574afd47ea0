namespace ModelCompiler.Runtime.Tests;

/// <summary>Losses of pairs and their gradients in double, from all similarities: targets y of each row, and of each column both ways, then slopes p - y.</summary>
internal static class PairReference
{
    /// <summary>The loss, and the gradients of both sides.</summary>
    public static double[][] Of(PairNumbers n)
    {
        var s = Products(n.First, Doubles([.. n.Second, .. n.Queue.Take(n.Queued * n.Width)]), n.Width, n.Pairs);
        var (loss, slopes) = n.Kind == PairLossKind.Sigmoid ? Sigmoid(s) : Contrast(n, s);
        var (first, second, factor) = (new double[n.First.Length], new double[n.Second.Length], PairNumbers.Scale * PairNumbers.Upstream);
        for (var r = 0; r < n.Pairs; r++)
        {
            for (var c = 0; c < s[r].Length; c++)
            {
                for (var i = 0; i < n.Width; i++)
                {
                    var at = ((c < n.Pairs ? c : c - n.Pairs) * n.Width) + i;
                    first[(r * n.Width) + i] += factor * slopes[r][c] * (c < n.Pairs ? n.Second : n.Queue)[at];
                    if (c < n.Pairs)
                    {
                        second[at] += factor * slopes[r][c] * n.First[(r * n.Width) + i];
                    }
                }
            }
        }

        return [[loss * PairNumbers.Scale], first, second];
    }

    private static (double, double[][]) Sigmoid(double[][] s)
    {
        var loss = s.SelectMany((row, r) => row.Select((x, c) => Math.Log(1 + Math.Exp((r == c ? -1 : 1) * (x + PairNumbers.Bias))))).Sum();
        return (loss, [.. s.Select((row, r) => row.Select((x, c) => (1 / (1 + Math.Exp(-x - PairNumbers.Bias))) - (r == c ? 1 : 0)).ToArray())]);
    }

    private static (double, double[][]) Contrast(PairNumbers n, double[][] s)
    {
        float[] keys = n.TeacherWidth == 0 ? [] : [.. n.SecondTeacher, .. n.Queue.Take(n.Queued * n.Width)];
        var t = n.TeacherWidth == 0 ? null : Products(n.FirstTeacher, Doubles(keys), n.TeacherWidth, n.Pairs);
        var (loss, slopes) = Rows(n, s, t);
        if (!n.IsBothWays)
        {
            return (loss, slopes);
        }

        var (back, turned) = Rows(n, Turned(s), t is null ? null : Turned(t));
        return ((loss + back) / 2, [.. slopes.Select((row, r) => row.Select((slope, c) => (slope + turned[c][r]) / 2).ToArray())]);
    }

    private static (double, double[][]) Rows(PairNumbers n, double[][] s, double[][]? t)
    {
        var loss = 0.0;
        var slopes = new double[s.Length][];
        for (var r = 0; r < s.Length; r++)
        {
            var seen = Enumerable.Range(0, s[r].Length).Where(c => c >= n.Pairs || n.Kind switch { PairLossKind.Others => c != r, PairLossKind.OwnOnly => c == r, _ => true }).ToArray();
            var right = seen.Where(c => n.HasIds ? n.Ids[c] == n.Ids[r] : c == r).ToHashSet();
            slopes[r] = new double[s[r].Length];
            if (right.Count == 0)
            {
                continue;
            }

            var (sum, taught) = (seen.Sum(c => Math.Exp(s[r][c])), t is null ? 0 : seen.Sum(c => Math.Exp(t[r][c])));
            foreach (var c in seen)
            {
                var y = ((1 - n.Softness) * (right.Contains(c) ? 1.0 / right.Count : 0)) + (t is null ? 0 : n.Softness * Math.Exp(t[r][c]) / taught);
                slopes[r][c] = (Math.Exp(s[r][c]) / sum) - y;
                loss += y * (Math.Log(sum) - s[r][c]);
            }
        }

        return (loss, slopes);
    }

    private static double[][] Products(float[] rows, double[] columns, int width, int count) =>
        [.. Enumerable.Range(0, count).Select(r => Enumerable.Range(0, columns.Length / width).Select(c => Enumerable.Range(0, width).Sum(i => rows[(r * width) + i] * columns[(c * width) + i])).ToArray())];

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, static v => (double)v);

    private static double[][] Turned(double[][] s) => [.. Enumerable.Range(0, s.Length).Select(c => s.Select(row => row[c]).ToArray())];
}
