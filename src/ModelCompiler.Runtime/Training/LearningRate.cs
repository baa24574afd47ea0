namespace ModelCompiler.Runtime.Training;

/// <summary>Factors of the learning rate by step, 0 for the first; all rise linearly from 0 within the warm-up (as transformers.get_*_schedule).</summary>
public static class LearningRate
{
    public static double Constant(long step, long warmup) => step < warmup ? Rise(step, warmup) : 1;

    /// <summary>Falls linearly to <paramref name="minimum"/> at <paramref name="steps"/>.</summary>
    public static double Linear(long step, long warmup, long steps, double minimum) =>
        step < warmup ? Rise(step, warmup) : minimum + ((1 - minimum) * (1 - Progress(step, warmup, steps)));

    /// <summary>Falls along half a cosine to <paramref name="minimum"/> at <paramref name="steps"/>.</summary>
    public static double Cosine(long step, long warmup, long steps, double minimum) =>
        step < warmup ? Rise(step, warmup) : minimum + ((1 - minimum) * 0.5 * (1 + Math.Cos(Math.PI * Progress(step, warmup, steps))));

    /// <summary>sqrt(warmup / step) behind the warm-up; a warm-up of 0 counts as 10,000 without a rise.</summary>
    public static double InverseSquareRoot(long step, long warmup)
    {
        var scale = warmup > 0 ? warmup : 10000;
        return step < warmup ? Rise(step, warmup) : 1 / Math.Sqrt((step + scale - warmup) / (double)scale);
    }

    private static double Rise(long step, long warmup) => step / (double)Math.Max(1, warmup);

    private static double Progress(long step, long warmup, long steps) => Math.Min(1, (step - warmup) / (double)Math.Max(1, steps - warmup));
}
