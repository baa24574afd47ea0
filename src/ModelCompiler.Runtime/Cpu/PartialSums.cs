namespace ModelCompiler.Runtime.Cpu;

/// <summary>Adds up the sums of chunks, in ascending order of chunks.</summary>
public static unsafe class PartialSums
{
    /// <param name="partial">[chunks, width].</param>
    /// <param name="destination">[width].</param>
    /// <param name="accumulate">Add to what is there.</param>
    public static void Reduce(CpuContext context, float* partial, int chunks, int width, float* destination, bool accumulate)
    {
        var job = new Job { Partial = partial, Chunks = chunks, Width = width, Destination = destination, Accumulate = accumulate };
        context.Team.Run((width + 511) / 512, context.Set switch
        {
            InstructionSet.Vector512 => &Body<Simd512>,
            InstructionSet.Vector256 => &Body<Simd256>,
            _ => &Body<Simd128>,
        }, &job);
    }

    private static void Body<V>(void* state, int chunk, int worker)
        where V : unmanaged, ISimd<V>
    {
        ref readonly var job = ref *(Job*)state;
        var last = Math.Min((chunk + 1) * 512, job.Width);
        for (var c = chunk * 512; c < last; c += V.Lanes)
        {
            var n = last - c;
            var sum = job.Accumulate ? V.Load(job.Destination + c, n) : V.Zero;
            for (var i = 0L; i < job.Chunks; i++)
            {
                sum += V.Load(job.Partial + (i * job.Width) + c, n);
            }

            V.Store(job.Destination + c, sum, n);
        }
    }

    private struct Job
    {
        public float* Partial, Destination;
        public int Chunks, Width;
        public bool Accumulate;
    }
}
