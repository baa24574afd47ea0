namespace ModelCompiler.Runtime.Cpu;

/// <summary>Cross-entropies of similarities, of rows or of both ways, by blocks (<see cref="PairBlocks"/>).</summary>
public static unsafe class Contrast
{
    /// <summary>Writes what is kept of each row, of both ways those of columns too, and the loss.</summary>
    public static void Forward(CpuContext context, in PairArguments a)
    {
        PairBlocks.Walk<ContrastRule>(context, in a);
        if (a.BothWays)
        {
            PairBlocks.Walk<ContrastRule>(context, a.Turned);
        }

        var sum = 0.0;
        for (var i = 0; i < a.Pairs; i++)
        {
            if (a.Ids is null || a.Matches[i] > 0)
            {
                sum += Row(a.FirstLargest[i], Right(a.FirstOwn, a.FirstTeacherMean, a.Softness, i), a.FirstLogSum[i]);
                sum += a.BothWays ? Row(a.SecondLargest[i], Right(a.SecondOwn, a.SecondTeacherMean, a.Softness, i), a.SecondLogSum[i]) : 0;
            }
        }

        *a.Loss = (float)((a.BothWays ? 0.5 : 1) * sum * *a.Scale);
    }

    /// <summary>Writes the gradient of the first side. That of the second is the same with the sides exchanged. A side without what forward kept of it has no loss of its own.</summary>
    public static void Backward(CpuContext context, in PairArguments a) => PairBlocks.Walk<ContrastRule>(context, in a);

    private static double Row(float largest, double right, float logSum) => (largest - right) + logSum;

    private static double Right(float* own, float* taught, float softness, int row) =>
        softness == 0 ? own[row] : ((1 - (double)softness) * own[row]) + ((double)softness * taught[row]);
}
