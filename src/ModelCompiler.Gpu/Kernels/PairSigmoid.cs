using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Logistic losses of every combination of two vectors, whether it is a pair, by strips (<see cref="PairBlocks"/>); see the CPU's.</summary>
public static class PairSigmoid
{
    /// <summary>Writes sums of each row's losses and slopes, and the loss.</summary>
    public static void Forward(GpuContext context, in PairArguments a)
    {
        PairBlocks.ForEach(context, in a, (a, first, rows) =>
        {
            PairBlocks.Multiply(context, in a, first, rows);
            context.Launch(Reduce<ByWarps>, Reduce<ByMemory>, rows, Groups.Size, PairKernelArguments.Of(context, in a, first, rows));
        });
        context.Launch(Add<ByWarps>, Add<ByMemory>, 1, Groups.Size, PairKernelArguments.Of(context, in a, 0, 1));
    }

    /// <summary>Writes the gradient of the first side. That of the second is the same with the sides exchanged.</summary>
    public static void Backward(GpuContext context, in PairArguments a) => PairBlocks.ForEach(context, in a, (a, first, rows) =>
    {
        PairBlocks.Multiply(context, in a, first, rows);
        context.Launch(Differentiate, rows, Groups.Size, PairKernelArguments.Of(context, in a, first, rows));
        PairBlocks.AddGradient(context, in a, first, rows);
    });

    // How much is asked for another answer than what is given: of a pair -x, else x.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Wrong(PairKernelArguments a, float similarity, bool isPair)
    {
        var x = similarity + (a.HasBias != 0 ? a.Bias[0] : 0f);
        return isPair ? -x : x;
    }

    // A group has a row.
    private static void Reduce<TReduction>(PairKernelArguments a)
        where TReduction : struct, IReduction
    {
        var shared = SharedMemory.Allocate<float>(Groups.Size);
        var (thread, threads, line) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var (row, from) = (a.FirstRow + line, line * a.Columns);
        var (loss, slope) = (0f, 0f);
        for (var c = thread; c < a.Columns; c += threads)
        {
            var x = Wrong(a, a.Similarities[from + c], c == row);
            var e = DeviceMath.Exp(x > 0f ? -x : x);
            var sigmoid = (x > 0f ? 1f : e) / (1f + e);
            loss += DeviceMath.Max(x, 0f) + DeviceMath.Log(1f + e);
            slope += c == row ? -sigmoid : sigmoid;
        }

        loss = TReduction.Sum(shared, thread, threads, loss);
        slope = TReduction.Sum(shared, thread, threads, slope);
        if (thread == 0)
        {
            a.Losses[row] = loss;
            a.Slopes[row] = slope;
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
            sum += a.Losses[i];
        }

        sum = TReduction.Sum(shared, thread, threads, sum);
        if (thread == 0)
        {
            a.Loss[0] = sum * a.Scale[0];
        }
    }

    // Similarities become their gradients; a group has a row.
    private static void Differentiate(PairKernelArguments a)
    {
        var (thread, threads, line) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var (row, from) = (a.FirstRow + line, line * a.Columns);
        var factor = a.Scale[0] * a.Loss[0];
        for (var c = thread; c < a.Columns; c += threads)
        {
            var slope = DeviceMath.Sigmoid(Wrong(a, a.Similarities[from + c], c == row));
            a.Similarities[from + c] = (c == row ? -slope : slope) * factor;
        }
    }
}
