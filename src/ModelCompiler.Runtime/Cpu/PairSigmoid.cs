namespace ModelCompiler.Runtime.Cpu;

/// <summary>Logistic losses of every combination of two vectors, whether it is a pair, by blocks (<see cref="PairBlocks"/>).</summary>
public static unsafe class PairSigmoid
{
    /// <summary>Writes sums of each row's losses and slopes, and the loss.</summary>
    public static void Forward(CpuContext context, in PairArguments a)
    {
        PairBlocks.Walk<SigmoidRule>(context, in a);
        var sum = 0.0;
        for (var i = 0; i < a.Pairs; i++)
        {
            sum += a.Losses[i];
        }

        *a.Loss = (float)(sum * *a.Scale);
    }

    /// <summary>Writes the gradient of the first side. That of the second is the same with the sides exchanged.</summary>
    public static void Backward(CpuContext context, in PairArguments a) => PairBlocks.Walk<SigmoidRule>(context, in a);
}
