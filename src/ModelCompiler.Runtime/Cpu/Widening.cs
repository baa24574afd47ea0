namespace ModelCompiler.Runtime.Cpu;

/// <summary>Numbers of 16 bits to floats, for kernels that read floats alone: exact.</summary>
public static unsafe class Widening
{
    private const int Chunk = 16 * 1024;

    /// <summary>Bytes of the floats with the gap behind them.</summary>
    public static long Bytes(long count) => (count + 15) / 16 * 16 * sizeof(float);

    /// <param name="to">Room for <see cref="Bytes"/>.</param>
    /// <returns>The floats.</returns>
    public static float* Run(CpuContext context, BFloat16* from, long count, byte* to)
    {
        var job = new Job { From = from, To = (float*)to, Count = count };
        context.Team.Run((int)((count + Chunk - 1) / Chunk), context.Set switch
        {
            InstructionSet.Vector512 => &Body<Simd512>,
            InstructionSet.Vector256 => &Body<Simd256>,
            _ => &Body<Simd128>,
        }, &job);
        return job.To;
    }

    private static void Body<V>(void* state, int chunk, int worker)
        where V : unmanaged, ISimd<V>
    {
        ref readonly var job = ref *(Job*)state;
        var end = Math.Min((chunk + 1L) * Chunk, job.Count);
        var i = (long)chunk * Chunk;
        for (; i + V.Lanes <= end; i += V.Lanes)
        {
            V.Store(job.To + i, V.Load(job.From + i));
        }

        for (; i < end; i++)
        {
            job.To[i] = (float)job.From[i];
        }
    }

    private struct Job
    {
        public BFloat16* From;
        public float* To;
        public long Count;
    }
}
