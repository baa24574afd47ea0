using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Cross-entropies of similarities, of rows or of both ways, by strips (<see cref="PairBlocks"/>); see the CPU's.</summary>
public static class Contrast
{
    // Numbers: infinity less infinity is none.
    private const float Hidden = -1e30f, NoMatch = 1e30f;

    /// <summary>Writes what is kept of each row, of both ways those of columns too, and the loss.</summary>
    public static void Forward(GpuContext context, in PairArguments a)
    {
        Reduce(context, in a);
        if (a.BothWays)
        {
            Reduce(context, a.Turned);
        }

        context.Launch(Add<ByWarps>, Add<ByMemory>, 1, Groups.Size, PairKernelArguments.Of(context, in a, 0, 1));
    }

    /// <summary>Writes the gradient of the first side. That of the second is the same with the sides exchanged. A side without what forward kept of it has no loss of its own.</summary>
    public static void Backward(GpuContext context, in PairArguments a) => PairBlocks.ForEach(context, in a, (a, first, rows) =>
    {
        PairBlocks.Multiply(context, in a, first, rows);
        context.Launch(Differentiate, rows, Groups.Size, PairKernelArguments.Of(context, in a, first, rows));
        PairBlocks.AddGradient(context, in a, first, rows);
    });

    private static void Reduce(GpuContext context, in PairArguments a) => PairBlocks.ForEach(context, in a, (a, first, rows) =>
    {
        PairBlocks.Multiply(context, in a, first, rows);
        context.Launch(Reduce<ByWarps>, Reduce<ByMemory>, rows, Groups.Size, PairKernelArguments.Of(context, in a, first, rows));
    });

    // What a row does not see is less than all others.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsHidden(PairKernelArguments a, int row, int c) => (a.WithoutOwn != 0 && c == row) || (a.OwnOnly != 0 && c < a.Pairs && c != row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsMatch(PairKernelArguments a, int row, int c) => a.Ids[row] == a.Ids[c] && !IsHidden(a, row, c);

    // A group has a row.
    private static void Reduce<TReduction>(PairKernelArguments a)
        where TReduction : struct, IReduction
    {
        var shared = SharedMemory.Allocate<float>(Groups.Size);
        var (thread, threads, line) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var (row, from) = (a.FirstRow + line, line * a.Columns);
        var largest = Hidden;
        for (var c = thread; c < a.Columns; c += threads)
        {
            largest = DeviceMath.Max(largest, IsHidden(a, row, c) ? Hidden : a.Similarities[from + c]);
        }

        largest = TReduction.Largest(shared, thread, threads, largest);
        var sum = 0f;
        for (var c = thread; c < a.Columns; c += threads)
        {
            sum += DeviceMath.Exp((IsHidden(a, row, c) ? Hidden : a.Similarities[from + c]) - largest);
        }

        sum = TReduction.Sum(shared, thread, threads, sum);
        var (own, matches) = (a.Similarities[from + row], 1f);
        if (a.HasIds != 0)
        {
            var (along, count) = (0f, 0f);
            for (var c = thread; c < a.Pairs; c += threads)
            {
                if (IsMatch(a, row, c))
                {
                    along += a.Similarities[from + c];
                    count += 1f;
                }
            }

            matches = TReduction.Sum(shared, thread, threads, count);
            own = TReduction.Sum(shared, thread, threads, along) / DeviceMath.Max(matches, 1f);
        }

        if (thread == 0)
        {
            a.FirstLargest[row] = largest;
            a.FirstLogSum[row] = matches > 0f ? DeviceMath.Log(sum) : NoMatch;
            a.FirstOwn[row] = own;
            if (a.HasIds != 0)
            {
                a.Matches[row] = matches;
            }
        }

        if (a.HasTeacher != 0)
        {
            Teach<TReduction>(a, shared, thread, threads, row, from);
        }
    }

    private static void Teach<TReduction>(PairKernelArguments a, ArrayView<float> shared, int thread, int threads, int row, int from)
        where TReduction : struct, IReduction
    {
        var largest = Hidden;
        for (var c = thread; c < a.Columns; c += threads)
        {
            largest = DeviceMath.Max(largest, IsHidden(a, row, c) ? Hidden : a.Teacher[from + c]);
        }

        largest = TReduction.Largest(shared, thread, threads, largest);
        var (sum, along) = (0f, 0f);
        for (var c = thread; c < a.Columns; c += threads)
        {
            if (!IsHidden(a, row, c))
            {
                var e = DeviceMath.Exp(a.Teacher[from + c] - largest);
                sum += e;
                along += e * a.Similarities[from + c];
            }
        }

        sum = TReduction.Sum(shared, thread, threads, sum);
        along = TReduction.Sum(shared, thread, threads, along);
        if (thread == 0)
        {
            a.FirstTeacherLargest[row] = largest;
            a.FirstTeacherLogSum[row] = DeviceMath.Log(sum);
            a.FirstTeacherMean[row] = along / sum;
        }
    }

    private static void Add<TReduction>(PairKernelArguments a)
        where TReduction : struct, IReduction
    {
        var shared = SharedMemory.Allocate<float>(Groups.Size);
        var (thread, threads) = (Group.IdxX, Group.DimX);
        var sum = 0f;
        for (var i = thread; i < a.Pairs; i += threads)
        {
            if (a.HasIds == 0 || a.Matches[i] > 0f)
            {
                sum += (a.FirstLargest[i] - Right(a, a.FirstOwn[i], a.FirstTeacherMean, i)) + a.FirstLogSum[i];
                if (a.BothWays != 0)
                {
                    sum += (a.SecondLargest[i] - Right(a, a.SecondOwn[i], a.SecondTeacherMean, i)) + a.SecondLogSum[i];
                }
            }
        }

        sum = TReduction.Sum(shared, thread, threads, sum);
        if (thread == 0)
        {
            a.Loss[0] = (a.BothWays != 0 ? 0.5f : 1f) * sum * a.Scale[0];
        }
    }

    private static float Right(PairKernelArguments a, float own, ArrayView<float> taught, int row) =>
        a.HasTeacher == 0 ? own : ((1f - a.Softness) * own) + (a.Softness * taught[row]);

    // Similarities become their gradients; a group has a row.
    private static void Differentiate(PairKernelArguments a)
    {
        var (thread, threads, line) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var (row, from) = (a.FirstRow + line, line * a.Columns);
        var factor = (a.BothWays != 0 ? 0.5f : 1f) * a.Scale[0] * a.Loss[0];
        float ways = a.ByRows + a.ByColumns;
        for (var c = thread; c < a.Columns; c += threads)
        {
            var slope = 0f;
            if (!IsHidden(a, row, c))
            {
                var s = a.Similarities[from + c];
                slope += a.ByRows != 0 ? DeviceMath.Exp(s - a.FirstLargest[row] - a.FirstLogSum[row]) : 0f;
                slope += a.ByColumns != 0 ? DeviceMath.Exp(s - a.SecondLargest[c] - a.SecondLogSum[c]) : 0f;
                if (a.HasIds != 0)
                {
                    slope -= IsMatch(a, row, c) ? ways / DeviceMath.Max(a.Matches[row], 1f) : 0f;
                }
                else
                {
                    slope -= c == row ? ways * (1f - a.Softness) : 0f;
                }

                if (a.HasTeacher != 0)
                {
                    var t = a.Teacher[from + c];
                    var right = a.ByRows != 0 ? DeviceMath.Exp(t - a.FirstTeacherLargest[row] - a.FirstTeacherLogSum[row]) : 0f;
                    right += a.ByColumns != 0 ? DeviceMath.Exp(t - a.SecondTeacherLargest[c] - a.SecondTeacherLogSum[c]) : 0f;
                    slope -= a.Softness * right;
                }
            }

            a.Similarities[from + c] = slope * factor;
        }
    }
}
