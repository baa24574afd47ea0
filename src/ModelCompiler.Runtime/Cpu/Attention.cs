namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Attention by heads: each (row, head) is a task that packs its keys and values once and walks over blocks of queries, so that
/// only a block of scores exists at a time. Backward computes the scores again from Q, K and the saved log-sum-exp
/// (Dao et al. 2022); its sums for K and V run over blocks in order within the task, so threads do not change bits.
/// </summary>
public static unsafe class Attention
{
    /// <summary>Queries of a block: whole tiles of every width.</summary>
    internal const int QueryBlock = 48;

    /// <summary>Bytes of scratch memory of each thread, enough for both directions and any width of vectors.</summary>
    public static long WorkerScratchBytes(int queries, int keys, int headWidth) => new AttentionScratch(keys, headWidth).Floats * sizeof(float);

    /// <summary>Writes Output and LogSumExp.</summary>
    public static void Forward(CpuContext context, in AttentionArguments arguments)
    {
        var job = new AttentionJob { A = arguments, Scratch = context.Worker(0), ScratchStride = context.WorkerStride };
        context.Team.Run(job.A.Batch * job.A.Heads, context.Set switch
        {
            InstructionSet.Vector512 => &AttentionForward<Simd512>.Body,
            InstructionSet.Vector256 => &AttentionForward<Simd256>.Body,
            _ => &AttentionForward<Simd128>.Body,
        }, &job);
    }

    /// <summary>Writes the gradients of Query, Key and Value.</summary>
    public static void Backward(CpuContext context, in AttentionArguments arguments, in AttentionGradients gradients)
    {
        var job = new AttentionJob { A = arguments, G = gradients, Scratch = context.Worker(0), ScratchStride = context.WorkerStride };
        context.Team.Run(job.A.Batch * job.A.Heads, context.Set switch
        {
            InstructionSet.Vector512 => &AttentionBackward<Simd512>.Body,
            InstructionSet.Vector256 => &AttentionBackward<Simd256>.Body,
            _ => &AttentionBackward<Simd128>.Body,
        }, &job);
    }
}

/// <summary>What threads get.</summary>
internal unsafe struct AttentionJob
{
    public AttentionArguments A;
    public AttentionGradients G;
    public byte* Scratch;
    public long ScratchStride;
}
