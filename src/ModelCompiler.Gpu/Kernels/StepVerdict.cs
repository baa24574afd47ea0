using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>
/// What becomes of a step, decided on the device: the norm from the sums of squares, and the factor that clips the gradients. The factor is negative
/// where the step is not made: its loss or norm is no finite number, or one before it was not made and nobody has seen that yet.
/// </summary>
internal static class StepVerdict
{
    /// <param name="squares">One sum a chunk.</param>
    /// <param name="numbers">Of the step.</param>
    /// <param name="scale">The factor.</param>
    /// <param name="stopped">Not 0: a step was not made.</param>
    /// <param name="results">Losses and norms of steps, one after the other.</param>
    public static void Run(GpuContext context, ArrayView<float> squares, ArrayView<StepNumbers> numbers, ArrayView<float> scale, ArrayView<float> stopped, ArrayView<float> results)
    {
        Arguments a = default;
        (a.Squares, a.Numbers, a.Scale, a.Stopped, a.Results, a.Count) = (squares, numbers, scale, stopped, results, squares.IntLength);
        context.Launch(Body<ByWarps>, Body<ByMemory>, 1, Groups.Size, in a);
    }

    private static void Body<TReduction>(Arguments a)
        where TReduction : struct, IReduction
    {
        var shared = SharedMemory.Allocate<float>(Groups.Size);
        var (thread, threads) = (Group.IdxX, Group.DimX);
        var sum = 0f;
        for (var i = thread; i < a.Count; i += threads)
        {
            sum += a.Squares[i];
        }

        sum = TReduction.Sum(shared, thread, threads, sum);
        if (thread == 0)
        {
            var numbers = a.Numbers[0];
            var loss = 2 * numbers.Slot;
            var norm = MathF.Sqrt(sum);
            var factor = numbers.Limit / (norm + 1e-6f);
            factor = factor < 1f ? factor : 1f;
            if (a.Stopped[0] != 0f || !IsFinite(a.Results[loss]) || !IsFinite(norm))
            {
                factor = -1f;
                a.Stopped[0] = 1f;
            }

            a.Scale[0] = factor;
            a.Results[loss + 1] = norm;
        }
    }

    // By bits: compilers may take it that comparisons see no NaN.
    private static bool IsFinite(float value) => (Interop.FloatAsInt(value) & 0x7F800000u) != 0x7F800000u;

    internal struct Arguments
    {
        public ArrayView<float> Squares, Scale, Stopped, Results;
        public ArrayView<StepNumbers> Numbers;
        public int Count;
    }
}
