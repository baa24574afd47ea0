namespace ModelCompiler.Runtime.Cpu;

/// <summary>A stretch of the parameter arena that the optimizer treats alike.</summary>
public struct ParameterChunk
{
    public long Offset;
    public int Count;
    public bool Decays;
}

/// <summary>The sum of squares of all gradients, in double, chunk by chunk in order.</summary>
public static unsafe class GradientNorm
{
    public static double SumOfSquares(CpuContext context, float* gradients, ParameterChunk* chunks, int count, double* partial)
    {
        var job = new Job { Gradients = gradients, Chunks = chunks, Partial = partial };
        context.Team.Run(count, &Body, &job);
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += partial[i];
        }

        return sum;
    }

    private static void Body(void* state, int chunk, int worker)
    {
        ref readonly var job = ref *(Job*)state;
        var part = job.Chunks[chunk];
        var values = job.Gradients + part.Offset;

        // Eight sums side by side, so that the additions do not wait for each other.
        var sums = stackalloc double[8];
        new Span<double>(sums, 8).Clear();
        for (var i = 0; i < part.Count; i++)
        {
            sums[i & 7] += (double)values[i] * values[i];
        }

        job.Partial[chunk] = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    }

    private struct Job
    {
        public float* Gradients;
        public ParameterChunk* Chunks;
        public double* Partial;
    }
}
