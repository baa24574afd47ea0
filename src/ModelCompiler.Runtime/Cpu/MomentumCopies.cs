using System.Numerics;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>copy = momentum x copy + (1 - momentum) x weights, value by value.</summary>
internal static unsafe class MomentumCopies
{
    public static void Run(CpuContext context, float* from, float* to, long count, float momentum)
    {
        var job = new Job { From = from, To = to, Count = count, Momentum = momentum };
        context.Team.Run((int)((count + Schedule.ElementChunk - 1) / Schedule.ElementChunk), &Body, &job);
    }

    private static void Body(void* state, int chunk, int worker)
    {
        ref readonly var job = ref *(Job*)state;
        var first = (long)chunk * Schedule.ElementChunk;
        var last = Math.Min(first + Schedule.ElementChunk, job.Count);
        var (kept, taken) = (job.Momentum, 1 - job.Momentum);
        var i = first;
        for (; i + Vector<float>.Count <= last; i += Vector<float>.Count)
        {
            Vector.Store((Vector.Load(job.To + i) * kept) + (Vector.Load(job.From + i) * taken), job.To + i);
        }

        for (; i < last; i++)
        {
            job.To[i] = (job.To[i] * kept) + (job.From[i] * taken);
        }
    }

    private struct Job
    {
        public float* From, To;
        public long Count;
        public float Momentum;
    }
}
