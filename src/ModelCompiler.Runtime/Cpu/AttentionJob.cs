namespace ModelCompiler.Runtime.Cpu;

/// <summary>What threads get: the arguments, and how tasks are numbered: part, then head, then row of the batch.</summary>
internal unsafe struct AttentionJob
{
    public readonly AttentionArguments A;
    public AttentionGradients G;
    public AttentionPass Pass;
    private readonly byte* _scratch;
    private readonly long _scratchStride;
    private readonly int _heads;

    /// <param name="heads">Heads that are tasks of their own: key heads where heads that share one are summed.</param>
    public AttentionJob(CpuContext context, in AttentionArguments arguments, int heads)
    {
        A = arguments;
        _heads = heads;
        _scratch = context.Worker(0);
        _scratchStride = context.WorkerStride;

        // Parts repeat the packing, so only where threads would stand idle, and of at least one block.
        var whole = arguments.Batch * heads;
        var blocks = (Math.Min(arguments.Queries, arguments.Keys) + Attention.QueryBlock - 1) / Attention.QueryBlock;
        Parts = whole >= 2 * context.Team.Threads ? 1 : Math.Clamp(((2 * context.Team.Threads) + whole - 1) / whole, 1, blocks);
    }

    /// <summary>Tasks that share a head.</summary>
    public int Parts { get; }

    public readonly int Tasks => A.Batch * _heads * Parts;

    public readonly float* Scratch(int worker) => (float*)(_scratch + (worker * _scratchStride));

    public readonly (int Row, int Head, int Part) Task(int task) => (task / Parts / _heads, task / Parts % _heads, task % Parts);

    /// <summary>A part's share of tokens, in whole blocks.</summary>
    public readonly (int First, int Last) Range(int tokens, int part)
    {
        var blocks = (tokens + Attention.QueryBlock - 1) / Attention.QueryBlock;
        return (blocks * part / Parts * Attention.QueryBlock, Math.Min(blocks * (part + 1) / Parts * Attention.QueryBlock, tokens));
    }
}
