using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>The walks of <see cref="Contrast"/> for one width of vectors.</summary>
internal static unsafe class ContrastWalk<V>
    where V : unmanaged, ISimd<V>
{
    private static int TileRows => Tile<V>.Rows;

    private static int TileColumns => Tile<V>.Columns;

    public static void Run(CpuContext context, ref ContrastJob job)
    {
        fixed (ContrastJob* state = &job)
        {
            for (var first = 0; first < job.Pairs; first += Contrast.ColumnBlock)
            {
                (job.FirstColumn, job.ColumnCount) = (first, Math.Min(Contrast.ColumnBlock, job.Pairs - first));
                context.Team.Run((job.ColumnCount + TileColumns - 1) / TileColumns, &PackTransposed, state);
                if (job.Gradient is not null)
                {
                    context.Team.Run((job.Width + TileColumns - 1) / TileColumns, &PackCopied, state);
                }

                context.Team.Run(job.Chunks, &Body, state);
            }
        }
    }

    private static void PackTransposed(void* state, int panel, int worker)
    {
        ref readonly var job = ref *(ContrastJob*)state;
        var column = panel * TileColumns;
        Packing.Transposed<V>(job.Columns + ((job.FirstColumn + column) * (nint)job.Width), job.Width, Math.Min(TileColumns, job.ColumnCount - column), TileColumns, job.Width,
            job.Transposed + (column * (nint)job.Width));
    }

    private static void PackCopied(void* state, int panel, int worker)
    {
        ref readonly var job = ref *(ContrastJob*)state;
        var column = panel * TileColumns;
        Packing.Copied<V>(job.Columns + (job.FirstColumn * (nint)job.Width) + column, job.Width, Math.Min(TileColumns, job.Width - column), TileColumns, job.ColumnCount,
            job.Copied + (column * (nint)Contrast.ColumnBlock));
    }

    private static void Body(void* state, int chunk, int worker)
    {
        ref readonly var job = ref *(ContrastJob*)state;
        var s = job.Scratch(worker);
        var at = new ContrastScratch(job.Width);
        var first = chunk * Contrast.RowBlock;
        var count = Math.Min(Contrast.RowBlock, job.Pairs - first);
        for (var row = 0; row < count; row += TileRows)
        {
            Packing.Transposed<V>(job.Rows + ((first + row) * (nint)job.Width), job.Width, Math.Min(TileRows, count - row), TileRows, job.Width, s + at.Rows + (row * (long)job.Width));
        }

        for (var column = 0; column < job.ColumnCount; column += TileColumns)
        {
            for (var row = 0; row < count; row += TileRows)
            {
                Tile<V>.Packed(job.Width, s + at.Rows + (row * (long)job.Width), TileRows, job.Transposed + (column * (nint)job.Width), TileColumns,
                    s + at.Similarities + (row * (long)ContrastScratch.Stride) + column, ContrastScratch.Stride, false);
            }
        }

        for (var row = 0; row < count; row++)
        {
            var similarities = s + at.Similarities + (row * (long)ContrastScratch.Stride);
            if (job.Gradient is null)
            {
                Add(in job, similarities, first + row);
            }
            else
            {
                Differentiate(in job, similarities, first + row);
            }
        }

        if (job.Gradient is not null)
        {
            AddGradient(in job, s + at.Similarities, s + at.Tile, first, count);
        }
    }

    // The greatest and the log sum so far, and this block's similarities; the first block finds nothing.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(ref readonly ContrastJob job, float* similarities, int row)
    {
        var top = V.Create(float.NegativeInfinity);
        for (var c = 0; c < job.ColumnCount; c += V.Lanes)
        {
            top = V.Max(top, V.First(V.Load(similarities + c), job.ColumnCount - c, float.NegativeInfinity));
        }

        var before = job.FirstColumn == 0 ? float.NegativeInfinity : job.RowLargest[row];
        var largest = Math.Max(before, V.Largest(top));
        var (shift, sums) = (V.Create(largest), V.Zero);
        for (var c = 0; c < job.ColumnCount; c += V.Lanes)
        {
            sums += V.First(V.Exp(V.Load(similarities + c) - shift), job.ColumnCount - c, 0f);
        }

        // The log sum holds the sum itself until the last block.
        var sum = V.Sum(sums) + (job.FirstColumn == 0 ? 0f : job.RowLogSum[row] * MathF.Exp(before - largest));
        job.RowLargest[row] = largest;
        job.RowLogSum[row] = job.FirstColumn + job.ColumnCount == job.Pairs ? ScalarMath.Log(sum) : sum;
        if (row >= job.FirstColumn && row < job.FirstColumn + job.ColumnCount)
        {
            job.Own[row] = similarities[row - job.FirstColumn];
        }
    }

    // Similarities become their gradients, zeros behind the last.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Differentiate(ref readonly ContrastJob job, float* similarities, int row)
    {
        var (largest, logSum, factor) = (V.Create(job.RowLargest[row]), V.Create(job.RowLogSum[row]), V.Create(job.Factor));
        for (var c = 0; c < job.ColumnCount; c += V.Lanes)
        {
            var n = job.ColumnCount - c;
            var s = V.Load(similarities + c);
            var column = V.Exp(s - V.Load(job.ColumnLargest + job.FirstColumn + c, n) - V.Load(job.ColumnLogSum + job.FirstColumn + c, n));
            V.Store(similarities + c, V.First((V.Exp(s - largest - logSum) + column) * factor, n, 0f));
        }

        if (row >= job.FirstColumn && row < job.FirstColumn + job.ColumnCount)
        {
            similarities[row - job.FirstColumn] -= 2 * job.Factor;
        }
    }

    // gradient [rows, width] += gradients of similarities [rows, columns] x columns [columns, width].
    private static void AddGradient(ref readonly ContrastJob job, float* gradients, float* tile, int first, int count)
    {
        var adds = job.Adds || job.FirstColumn > 0;
        for (var column = 0; column < job.Width; column += TileColumns)
        {
            var columns = Math.Min(TileColumns, job.Width - column);
            for (var row = 0; row < count; row += TileRows)
            {
                var rows = Math.Min(TileRows, count - row);
                var to = job.Gradient + ((first + row) * (nint)job.Width) + column;
                var isWhole = rows == TileRows && columns == TileColumns;
                Tile<V>.ByRows(job.ColumnCount, gradients + (row * (long)ContrastScratch.Stride), ContrastScratch.Stride, job.Copied + (column * (nint)Contrast.ColumnBlock), TileColumns,
                    isWhole ? to : tile, isWhole ? job.Width : TileColumns, isWhole && adds);
                for (var r = 0; r < (isWhole ? 0 : rows); r++)
                {
                    for (var lane = 0; lane < columns; lane += V.Lanes)
                    {
                        var value = V.Load(tile + (r * TileColumns) + lane);
                        var at = to + (r * (nint)job.Width) + lane;
                        V.Store(at, adds ? V.Load(at, columns - lane) + value : value, columns - lane);
                    }
                }
            }
        }
    }
}
