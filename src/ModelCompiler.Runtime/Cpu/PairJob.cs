namespace ModelCompiler.Runtime.Cpu;

/// <summary>A walk over the rows of one side: what threads get.</summary>
internal unsafe struct PairJob
{
    public readonly PairArguments A;

    /// <summary>The packed block of columns: for similarities, for gradients, and the teacher's for its similarities.</summary>
    public readonly float* Transposed, Copied, Taught;

    /// <summary>What a similarity's part of the loss is multiplied by in its gradient.</summary>
    public readonly float Factor;

    /// <summary>The vectors of which columns are taken now: the second side's or those of the queue, ours and the teacher's.</summary>
    public float* Columns, TeacherColumns;

    /// <summary>Columns are those of the queue, which belong to no row.</summary>
    public bool IsQueue;

    /// <summary>The block of columns that is packed, and whether it is a row's first and its last.</summary>
    public int FirstColumn, ColumnCount;

    /// <inheritdoc cref="FirstColumn"/>
    public bool IsFirst, IsLast;

    private readonly byte* _scratch;
    private readonly long _scratchStride;

    public PairJob(CpuContext context, in PairArguments a)
    {
        A = a;
        Transposed = (float*)context.Shared;
        Copied = Transposed + PairBlocks.PackedFloats(a.Width);
        Taught = Copied + PairBlocks.PackedFloats(a.Width);
        Factor = a.Gradient is null ? 0 : (a.BothWays ? 0.5f : 1f) * *a.Scale * *a.Loss;
        _scratch = context.Worker(0);
        _scratchStride = context.WorkerStride;
    }

    public readonly int Chunks => (A.Pairs + PairBlocks.RowBlock - 1) / PairBlocks.RowBlock;

    /// <summary>Losses of which this walk is a part: of rows, of columns.</summary>
    public readonly int Ways => (A.FirstLargest is null ? 0 : 1) + (A.SecondLargest is null ? 0 : 1);

    public readonly float* Scratch(int worker) => (float*)(_scratch + (worker * _scratchStride));

    /// <summary>Whether a row's own column is in this block, and its number there.</summary>
    public readonly bool HasOwn(int row, out int own)
    {
        own = row - FirstColumn;
        return !IsQueue && own >= 0 && own < ColumnCount;
    }
}

/// <summary>Where a task's matrices lie in its thread's scratch memory, in floats.</summary>
internal readonly struct PairScratch
{
    /// <summary>Rows of similarities lie apart by no multiple of 1 KB: those would fall into the same sets of the first-level cache.</summary>
    public const int Stride = PairBlocks.ColumnBlock + 16;

    /// <summary>Packed rows, their similarities with a block of columns, a tile of a result; the teacher's rows and similarities.</summary>
    public readonly long Rows, Similarities, Tile, TeacherRows, TeacherSimilarities, Floats;

    public PairScratch(int width, int teacherWidth)
    {
        Rows = 0;
        Similarities = PackedRows(width);
        Tile = Similarities + Products;
        TeacherRows = Tile + (12 * 32);
        TeacherSimilarities = TeacherRows + (teacherWidth == 0 ? 0 : PackedRows(teacherWidth));
        Floats = TeacherSimilarities + (teacherWidth == 0 ? 0 : Products);
    }

    private static long Products => (PairBlocks.RowBlock * (long)Stride) + 32;

    private static long PackedRows(int width) => ((PairBlocks.RowBlock * (long)width) + Packing.Overrun + 31) / 32 * 32;
}
