namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Attention by heads: a task packs the keys and values of a head once and walks over blocks of queries, so that only a block of
/// scores exists at a time. Backward computes the scores again from Q, K and the saved log-sum-exp (Dao et al. 2022). Where there
/// are fewer heads than threads, several tasks share one: each takes a range of queries, and for the gradients of keys and values a
/// range of keys. A sum always runs over blocks of queries in order within one task, so threads do not change bits.
/// </summary>
public static unsafe class Attention
{
    /// <summary>Queries of a block: whole tiles of every width.</summary>
    internal const int QueryBlock = 96;

    /// <summary>Bytes of scratch memory of each thread, enough for both directions and any width of vectors.</summary>
    public static long WorkerScratchBytes(int queries, int keys, int headWidth) => new AttentionScratch(keys, headWidth).Floats * sizeof(float);

    /// <summary>Writes Output and LogSumExp.</summary>
    public static void Forward(CpuContext context, in AttentionArguments arguments)
    {
        var job = new AttentionJob(context, in arguments, arguments.Heads) { Pass = AttentionPass.Forward };
        context.Team.Run(job.Tasks, context.Set switch
        {
            InstructionSet.Vector512 => &AttentionForward<Simd512>.Body,
            InstructionSet.Vector256 => &AttentionForward<Simd256>.Body,
            _ => &AttentionForward<Simd128>.Body,
        }, &job);
    }

    /// <summary>Writes the gradients of Query, Key and Value.</summary>
    public static void Backward(CpuContext context, in AttentionArguments arguments, in AttentionGradients gradients)
    {
        var job = new AttentionJob(context, in arguments, arguments.KeyHeads) { G = gradients };
        if (job.Parts == 1)
        {
            Run(ref job, AttentionPass.AllGradients);
            return;
        }

        Run(ref job, AttentionPass.QueryGradients);
        Run(ref job, AttentionPass.KeyGradients);

        void Run(ref AttentionJob of, AttentionPass pass)
        {
            var copy = of;
            copy.Pass = pass;
            context.Team.Run(copy.Tasks, context.Set switch
            {
                InstructionSet.Vector512 => &AttentionBackward<Simd512>.Body,
                InstructionSet.Vector256 => &AttentionBackward<Simd256>.Body,
                _ => &AttentionBackward<Simd128>.Body,
            }, &copy);
        }
    }
}

/// <summary>What a walk over the queries of a head computes.</summary>
internal enum AttentionPass
{
    Forward,
    AllGradients,
    QueryGradients,
    KeyGradients,
}
