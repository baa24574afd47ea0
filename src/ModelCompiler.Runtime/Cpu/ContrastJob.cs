namespace ModelCompiler.Runtime.Cpu;

/// <summary>A walk over the rows of one side: what threads get.</summary>
internal unsafe struct ContrastJob
{
    public readonly float* Rows, Columns, RowLargest, RowLogSum, ColumnLargest, ColumnLogSum, Own, Transposed, Copied;
    public readonly int Pairs, Width;
    private readonly byte* _scratch;
    private readonly long _scratchStride;

    /// <summary>The gradient of the rows; null: the walk makes statistics.</summary>
    public float* Gradient;

    /// <summary>The gradient is added to what is there.</summary>
    public bool Adds;

    /// <summary>What a row's and a column's probability count in the gradient.</summary>
    public float Factor;

    /// <summary>The block of columns that is packed.</summary>
    public int FirstColumn, ColumnCount;

    /// <param name="isTurned">Rows are those of the second side.</param>
    public ContrastJob(CpuContext context, in ContrastArguments a, bool isTurned)
    {
        (Pairs, Width) = (a.Pairs, a.Width);
        Rows = isTurned ? a.Second : a.First;
        Columns = isTurned ? a.First : a.Second;
        RowLargest = isTurned ? a.SecondLargest : a.FirstLargest;
        RowLogSum = isTurned ? a.SecondLogSum : a.FirstLogSum;
        ColumnLargest = isTurned ? a.FirstLargest : a.SecondLargest;
        ColumnLogSum = isTurned ? a.FirstLogSum : a.SecondLogSum;
        Own = a.Own;
        Transposed = (float*)context.Shared;
        Copied = Transposed + Contrast.PackedFloats(a.Width);
        _scratch = context.Worker(0);
        _scratchStride = context.WorkerStride;
    }

    public readonly int Chunks => (Pairs + Contrast.RowBlock - 1) / Contrast.RowBlock;

    public readonly float* Scratch(int worker) => (float*)(_scratch + (worker * _scratchStride));
}

/// <summary>Where a task's matrices lie in its thread's scratch memory, in floats.</summary>
internal readonly struct ContrastScratch
{
    /// <summary>Rows of similarities lie apart by no multiple of 1 KB: those would fall into the same sets of the first-level cache.</summary>
    public const int Stride = Contrast.ColumnBlock + 16;

    /// <summary>Packed rows, their similarities with a block of columns, a tile of a result.</summary>
    public readonly long Rows, Similarities, Tile, Floats;

    public ContrastScratch(int width)
    {
        Rows = 0;
        Similarities = Rows + (((Contrast.RowBlock * (long)width) + Packing.Overrun + 31) / 32 * 32);
        Tile = Similarities + ((Contrast.RowBlock * (long)Stride) + 32);
        Floats = Tile + (12 * 32);
    }
}
