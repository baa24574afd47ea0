using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// The mean of the cross-entropies both ways between vectors of pairs. Here the similarities are stored, in scratch memory: the CPU's form, of which a device has a piece at
/// a time, has none here.
/// </summary>
public static class Contrast
{
    // Indices of ILGPU's views are of 32 bits.
    private const int MostPairs = 46_340;

    /// <summary>Bytes of scratch memory: all similarities.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are more than 46,340 pairs, of which no kernel could number all similarities.</exception>
    public static long SharedScratchBytes(int pairs, int width) => pairs <= MostPairs ? (long)pairs * pairs * sizeof(float)
        : throw new ArgumentOutOfRangeException(nameof(pairs), pairs, $"On a GPU, [Contrastive] compares at most {MostPairs} pairs of a batch: make batches smaller, or train on Device.Cpu.");

    /// <summary>Writes the statistics and the loss.</summary>
    /// <param name="scale">What the sum over pairs of the mean of both ways is multiplied by.</param>
    public static void Forward(GpuContext context, in ContrastArguments a, ArrayView<float> scale, ArrayView<float> loss)
    {
        Multiply(context, a.First, a.Second, a.Pairs, a.Width);
        Statistics(context, in a, a.FirstLargest, a.FirstLogSum);
        Multiply(context, a.Second, a.First, a.Pairs, a.Width);
        Statistics(context, in a, a.SecondLargest, a.SecondLogSum);
        var arguments = Arguments(context, in a);
        (arguments.Scale, arguments.Loss) = (scale, loss);
        context.Launch(Add<ByWarps>, Add<ByMemory>, 1, Groups.Size, in arguments);
    }

    /// <summary>Writes the gradient of the first side. That of the second is the same with the sides exchanged.</summary>
    public static void Backward(GpuContext context, in ContrastArguments a, in ContrastGradient g)
    {
        Multiply(context, a.First, a.Second, a.Pairs, a.Width);
        var arguments = Arguments(context, in a);
        (arguments.Scale, arguments.Loss) = (g.Scale, g.Loss);
        context.Launch(Differentiate, a.Pairs, Groups.Size, in arguments);
        MatrixProduct product = default;
        (product.A, product.B, product.C) = (context.Scratch, a.Second, g.Vectors);
        (product.Rows, product.Columns, product.Inner) = (a.Pairs, a.Width, a.Pairs);
        (product.StrideA, product.StrideB, product.StrideC) = (a.Pairs, a.Width, a.Width);
        (product.TransposeA, product.TransposeB, product.Accumulate) = (false, false, g.Adds);
        Gemm.Run(context, in product, default(NoEpilogue));
    }

    private static void Multiply(GpuContext context, ArrayView<float> rows, ArrayView<float> columns, int pairs, int width)
    {
        MatrixProduct product = default;
        (product.A, product.B, product.C) = (rows, columns, context.Scratch);
        (product.Rows, product.Columns, product.Inner) = (pairs, pairs, width);
        (product.StrideA, product.StrideB, product.StrideC) = (width, width, pairs);
        (product.TransposeA, product.TransposeB, product.Accumulate) = (false, true, false);
        Gemm.Run(context, in product, default(NoEpilogue));
    }

    private static void Statistics(GpuContext context, in ContrastArguments a, ArrayView<float> largest, ArrayView<float> logSum)
    {
        var arguments = Arguments(context, in a);
        (arguments.FirstLargest, arguments.FirstLogSum) = (largest, logSum);
        context.Launch(Reduce<ByWarps>, Reduce<ByMemory>, a.Pairs, Groups.Size, in arguments);
    }

    private static ContrastKernelArguments Arguments(GpuContext context, in ContrastArguments a)
    {
        ContrastKernelArguments arguments = default;
        (arguments.Similarities, arguments.Own, arguments.Pairs) = (context.Scratch, a.Own, a.Pairs);
        (arguments.FirstLargest, arguments.FirstLogSum, arguments.SecondLargest, arguments.SecondLogSum) = (a.FirstLargest, a.FirstLogSum, a.SecondLargest, a.SecondLogSum);
        (arguments.Scale, arguments.Loss) = (context.Nothing, context.Nothing);
        return arguments;
    }

    // A group has a row.
    private static void Reduce<TReduction>(ContrastKernelArguments a)
        where TReduction : struct, IReduction
    {
        var shared = SharedMemory.Allocate<float>(Groups.Size);
        var (thread, threads, row) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var from = row * a.Pairs;
        var largest = a.Similarities[from];
        for (var c = thread; c < a.Pairs; c += threads)
        {
            largest = DeviceMath.Max(largest, a.Similarities[from + c]);
        }

        largest = TReduction.Largest(shared, thread, threads, largest);
        var sum = 0f;
        for (var c = thread; c < a.Pairs; c += threads)
        {
            sum += DeviceMath.Exp(a.Similarities[from + c] - largest);
        }

        sum = TReduction.Sum(shared, thread, threads, sum);
        if (thread == 0)
        {
            a.FirstLargest[row] = largest;
            a.FirstLogSum[row] = DeviceMath.Log(sum);
            a.Own[row] = a.Similarities[from + row];
        }
    }

    private static void Add<TReduction>(ContrastKernelArguments a)
        where TReduction : struct, IReduction
    {
        var shared = SharedMemory.Allocate<float>(Groups.Size);
        var (thread, threads) = (Group.IdxX, Group.DimX);
        var sum = 0f;
        for (var i = thread; i < a.Pairs; i += threads)
        {
            sum += (a.FirstLargest[i] - a.Own[i]) + a.FirstLogSum[i] + (a.SecondLargest[i] - a.Own[i]) + a.SecondLogSum[i];
        }

        sum = TReduction.Sum(shared, thread, threads, sum);
        if (thread == 0)
        {
            a.Loss[0] = 0.5f * sum * a.Scale[0];
        }
    }

    // Similarities become their gradients; a group has a row.
    private static void Differentiate(ContrastKernelArguments a)
    {
        var (thread, threads, row) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var from = row * a.Pairs;
        var factor = 0.5f * a.Scale[0] * a.Loss[0];
        for (var c = thread; c < a.Pairs; c += threads)
        {
            var s = a.Similarities[from + c];
            var gradient = (DeviceMath.Exp(s - a.FirstLargest[row] - a.FirstLogSum[row]) + DeviceMath.Exp(s - a.SecondLargest[c] - a.SecondLogSum[c])) * factor;
            a.Similarities[from + c] = c == row ? gradient - (2f * factor) : gradient;
        }
    }
}

/// <summary>Vectors of pairs and what forward keeps of their similarities; see the CPU's.</summary>
public struct ContrastArguments
{
    public ArrayView<float> First, Second, FirstLargest, FirstLogSum, SecondLargest, SecondLogSum, Own;

    public int Pairs, Width;
}

/// <summary>The gradient that backward writes, and the factors that it is given.</summary>
public struct ContrastGradient
{
    public ArrayView<float> Vectors, Scale, Loss;

    public bool Adds;
}

internal struct ContrastKernelArguments
{
    public ArrayView<float> Similarities, FirstLargest, FirstLogSum, SecondLargest, SecondLogSum, Own, Scale, Loss;
    public int Pairs;
}
