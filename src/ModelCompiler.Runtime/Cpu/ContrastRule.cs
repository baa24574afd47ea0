using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// The cross-entropy of a row: log sums as they are so far, for every block that comes. What a row does not see gets a similarity below all others; a row that matches none gets
/// a log sum above all others, so that it has no gradient.
/// </summary>
internal unsafe struct ContrastRule : IPairRule
{
    // Numbers: infinity less infinity is none.
    private const float Hidden = -1e30f, NoMatch = 1e30f;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add<V>(ref readonly PairJob job, float* similarities, float* teacher, int row)
        where V : unmanaged, ISimd<V>
    {
        ref readonly var a = ref job.A;
        Hide(in job, similarities, row);
        LogSum<V>(in job, similarities, a.FirstLargest, a.FirstLogSum, row);
        if (a.Ids is not null)
        {
            AddMatches<V>(in job, similarities, row);
        }
        else if (job.HasOwn(row, out var own))
        {
            a.FirstOwn[row] = similarities[own];
        }

        if (teacher is not null)
        {
            Hide(in job, teacher, row);
            AddTaught<V>(in job, similarities, teacher, row);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Differentiate<V>(ref readonly PairJob job, float* similarities, float* teacher, int row)
        where V : unmanaged, ISimd<V>
    {
        ref readonly var a = ref job.A;
        Hide(in job, similarities, row);
        var (byRows, byColumns, factor) = (a.FirstLargest is not null, a.SecondLargest is not null, V.Create(job.Factor));
        var (largest, logSum) = byRows ? (V.Create(a.FirstLargest[row]), V.Create(a.FirstLogSum[row])) : (V.Zero, V.Zero);
        for (var c = 0; c < job.ColumnCount; c += V.Lanes)
        {
            var n = job.ColumnCount - c;
            var s = V.Load(similarities + c);
            var slope = byRows ? V.Exp(s - largest - logSum) : V.Zero;
            slope = byColumns ? slope + V.Exp(s - V.Load(a.SecondLargest + job.FirstColumn + c, n) - V.Load(a.SecondLogSum + job.FirstColumn + c, n)) : slope;
            if (a.Ids is not null)
            {
                slope -= Match<V>(in job, s, c, row) * V.Create(job.Ways / Math.Max(a.Matches[row], 1f));
            }

            V.Store(similarities + c, V.First(slope * factor, n, 0f));
        }

        if (a.Ids is null && job.HasOwn(row, out var own))
        {
            similarities[own] -= job.Ways * (1 - a.Softness) * job.Factor;
        }

        if (teacher is not null)
        {
            Hide(in job, teacher, row);
            SubtractTaught<V>(in job, similarities, teacher, row);
        }
    }

    private static void Hide(ref readonly PairJob job, float* similarities, int row)
    {
        var hasOwn = job.HasOwn(row, out var own);
        if (job.A.OwnOnly && !job.IsQueue)
        {
            var kept = hasOwn ? similarities[own] : 0;
            new Span<float>(similarities, job.ColumnCount).Fill(Hidden);
            if (hasOwn)
            {
                similarities[own] = kept;
            }
        }
        else if (job.A.WithoutOwn && hasOwn)
        {
            similarities[own] = Hidden;
        }
    }

    // The greatest and the log sum so far, which holds the sum itself until the last block; the first block finds nothing.
    private static void LogSum<V>(ref readonly PairJob job, float* values, float* rowLargest, float* rowLogSum, int row)
        where V : unmanaged, ISimd<V>
    {
        var top = V.Create(float.NegativeInfinity);
        for (var c = 0; c < job.ColumnCount; c += V.Lanes)
        {
            top = V.Max(top, V.First(V.Load(values + c), job.ColumnCount - c, float.NegativeInfinity));
        }

        var before = job.IsFirst ? float.NegativeInfinity : rowLargest[row];
        var largest = Math.Max(before, V.Largest(top));
        var (shift, sums) = (V.Create(largest), V.Zero);
        for (var c = 0; c < job.ColumnCount; c += V.Lanes)
        {
            sums += V.First(V.Exp(V.Load(values + c) - shift), job.ColumnCount - c, 0f);
        }

        var sum = V.Sum(sums) + (job.IsFirst ? 0f : rowLogSum[row] * MathF.Exp(before - largest));
        rowLargest[row] = largest;
        rowLogSum[row] = job.IsLast ? ScalarMath.Log(sum) : sum;
    }

    // 1 where a column has the row's number and is seen.
    private static V Match<V>(ref readonly PairJob job, V similarities, int column, int row)
        where V : unmanaged, ISimd<V>
    {
        var n = job.ColumnCount - column;
        var apart = V.Abs(V.Load(job.A.Ids + job.FirstColumn + column, n) - V.Create(job.A.Ids[row]));
        return V.First(V.Where(apart, V.Create(0.5f), V.Zero, V.Where(similarities, V.Create(0.5f * Hidden), V.Create(1f), V.Zero)), n, 0f);
    }

    private static void AddMatches<V>(ref readonly PairJob job, float* similarities, int row)
        where V : unmanaged, ISimd<V>
    {
        ref readonly var a = ref job.A;
        var (sums, counts) = (V.Zero, V.Zero);
        for (var c = 0; c < job.ColumnCount; c += V.Lanes)
        {
            var s = V.Load(similarities + c);
            var match = Match<V>(in job, s, c, row);
            (sums, counts) = (sums + (match * s), counts + match);
        }

        var (sum, count) = (V.Sum(sums) + (job.IsFirst ? 0f : a.FirstOwn[row]), V.Sum(counts) + (job.IsFirst ? 0f : a.Matches[row]));
        (a.FirstOwn[row], a.Matches[row]) = (job.IsLast ? sum / Math.Max(count, 1f) : sum, count);
        if (job.IsLast && count == 0)
        {
            a.FirstLogSum[row] = NoMatch;
        }
    }

    // The sum by the teacher's exponentials until the last block, then their mean.
    private static void AddTaught<V>(ref readonly PairJob job, float* similarities, float* teacher, int row)
        where V : unmanaged, ISimd<V>
    {
        ref readonly var a = ref job.A;
        var before = job.IsFirst ? 0f : a.FirstTeacherLargest[row];
        LogSum<V>(in job, teacher, a.FirstTeacherLargest, a.FirstTeacherLogSum, row);
        var (shift, sums) = (V.Create(a.FirstTeacherLargest[row]), V.Zero);
        for (var c = 0; c < job.ColumnCount; c += V.Lanes)
        {
            sums += V.First(V.Exp(V.Load(teacher + c) - shift) * V.Load(similarities + c), job.ColumnCount - c, 0f);
        }

        var sum = V.Sum(sums) + (job.IsFirst ? 0f : a.FirstTeacherMean[row] * MathF.Exp(before - a.FirstTeacherLargest[row]));
        a.FirstTeacherMean[row] = job.IsLast ? sum * MathF.Exp(-a.FirstTeacherLogSum[row]) : sum;
    }

    private static void SubtractTaught<V>(ref readonly PairJob job, float* slopes, float* teacher, int row)
        where V : unmanaged, ISimd<V>
    {
        ref readonly var a = ref job.A;
        var (byRows, byColumns, factor) = (a.FirstLargest is not null, a.SecondLargest is not null, V.Create(a.Softness * job.Factor));
        var (largest, logSum) = byRows ? (V.Create(a.FirstTeacherLargest[row]), V.Create(a.FirstTeacherLogSum[row])) : (V.Zero, V.Zero);
        for (var c = 0; c < job.ColumnCount; c += V.Lanes)
        {
            var n = job.ColumnCount - c;
            var t = V.Load(teacher + c);
            var right = byRows ? V.Exp(t - largest - logSum) : V.Zero;
            right = byColumns ? right + V.Exp(t - V.Load(a.SecondTeacherLargest + job.FirstColumn + c, n) - V.Load(a.SecondTeacherLogSum + job.FirstColumn + c, n)) : right;
            V.Store(slopes + c, V.Load(slopes + c) - V.First(right * factor, n, 0f));
        }
    }
}
