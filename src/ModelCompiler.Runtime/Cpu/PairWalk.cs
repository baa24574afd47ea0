namespace ModelCompiler.Runtime.Cpu;

/// <summary>The walks of <see cref="PairBlocks"/> for one width of vectors and one loss.</summary>
internal static unsafe class PairWalk<V, TRule>
    where V : unmanaged, ISimd<V>
    where TRule : struct, IPairRule
{
    private static int TileRows => Tile<V>.Rows;

    private static int TileColumns => Tile<V>.Columns;

    public static void Run(CpuContext context, ref PairJob job)
    {
        fixed (PairJob* state = &job)
        {
            Run(context, state, job.A.Second, job.A.SecondTeacher, job.A.Pairs, isQueue: false);
            if (job.A.Queued > 0)
            {
                Run(context, state, job.A.Queue, job.A.Queue, job.A.Queued, isQueue: true);
            }
        }
    }

    private static void Run(CpuContext context, PairJob* job, float* columns, float* teacherColumns, int count, bool isQueue)
    {
        job->Columns = columns;
        job->TeacherColumns = teacherColumns;
        job->IsQueue = isQueue;
        for (var first = 0; first < count; first += PairBlocks.ColumnBlock)
        {
            (job->FirstColumn, job->ColumnCount) = (first, Math.Min(PairBlocks.ColumnBlock, count - first));
            job->IsFirst = first == 0 && !job->IsQueue;
            job->IsLast = first + job->ColumnCount == count && (job->IsQueue || job->A.Queued == 0);
            var panels = (job->ColumnCount + TileColumns - 1) / TileColumns;
            context.Team.Run(panels, &PackTransposed, job);
            if (job->A.TeacherWidth > 0)
            {
                context.Team.Run(panels, &PackTaught, job);
            }

            if (job->A.Gradient is not null)
            {
                context.Team.Run((job->A.Width + TileColumns - 1) / TileColumns, &PackCopied, job);
            }

            context.Team.Run(job->Chunks, &Body, job);
        }
    }

    private static void PackTransposed(void* state, int panel, int worker)
    {
        ref readonly var job = ref *(PairJob*)state;
        Pack(in job, panel, job.Columns, job.A.Width, job.Transposed);
    }

    private static void PackTaught(void* state, int panel, int worker)
    {
        ref readonly var job = ref *(PairJob*)state;
        Pack(in job, panel, job.TeacherColumns, job.A.TeacherWidth, job.Taught);
    }

    private static void Pack(ref readonly PairJob job, int panel, float* columns, int width, float* to)
    {
        var column = panel * TileColumns;
        Packing.Transposed<V>(columns + ((job.FirstColumn + column) * (nint)width), width, Math.Min(TileColumns, job.ColumnCount - column), TileColumns, width, to + (column * (nint)width));
    }

    private static void PackCopied(void* state, int panel, int worker)
    {
        ref readonly var job = ref *(PairJob*)state;
        var column = panel * TileColumns;
        Packing.Copied<V>(job.Columns + (job.FirstColumn * (nint)job.A.Width) + column, job.A.Width, Math.Min(TileColumns, job.A.Width - column), TileColumns, job.ColumnCount,
            job.Copied + (column * (nint)PairBlocks.ColumnBlock));
    }

    private static void Body(void* state, int chunk, int worker)
    {
        ref readonly var job = ref *(PairJob*)state;
        var s = job.Scratch(worker);
        var at = new PairScratch(job.A.Width, job.A.TeacherWidth);
        var first = chunk * PairBlocks.RowBlock;
        var count = Math.Min(PairBlocks.RowBlock, job.A.Pairs - first);
        Multiply(in job, job.A.First, job.A.Width, job.Transposed, first, count, s + at.Rows, s + at.Similarities);
        if (job.A.TeacherWidth > 0)
        {
            Multiply(in job, job.A.FirstTeacher, job.A.TeacherWidth, job.Taught, first, count, s + at.TeacherRows, s + at.TeacherSimilarities);
        }

        for (var row = 0; row < count; row++)
        {
            var similarities = s + at.Similarities + (row * (long)PairScratch.Stride);
            var teacher = job.A.TeacherWidth > 0 ? s + at.TeacherSimilarities + (row * (long)PairScratch.Stride) : null;
            if (job.A.Gradient is null)
            {
                TRule.Add<V>(in job, similarities, teacher, first + row);
            }
            else
            {
                TRule.Differentiate<V>(in job, similarities, teacher, first + row);
            }
        }

        if (job.A.Gradient is not null)
        {
            AddGradient(in job, s + at.Similarities, s + at.Tile, first, count);
        }
    }

    // similarities [rows, columns] = rows [rows, width] x packed columns.
    private static void Multiply(ref readonly PairJob job, float* rows, int width, float* columns, int first, int count, float* packed, float* similarities)
    {
        for (var row = 0; row < count; row += TileRows)
        {
            Packing.Transposed<V>(rows + ((first + row) * (nint)width), width, Math.Min(TileRows, count - row), TileRows, width, packed + (row * (long)width));
        }

        for (var column = 0; column < job.ColumnCount; column += TileColumns)
        {
            for (var row = 0; row < count; row += TileRows)
            {
                Tile<V>.Packed(width, packed + (row * (long)width), TileRows, columns + (column * (nint)width), TileColumns,
                    similarities + (row * (long)PairScratch.Stride) + column, PairScratch.Stride, false);
            }
        }
    }

    // gradient [rows, width] += gradients of similarities [rows, columns] x columns [columns, width].
    private static void AddGradient(ref readonly PairJob job, float* gradients, float* tile, int first, int count)
    {
        var (adds, width) = (job.A.Adds || !job.IsFirst, job.A.Width);
        for (var column = 0; column < width; column += TileColumns)
        {
            var columns = Math.Min(TileColumns, width - column);
            for (var row = 0; row < count; row += TileRows)
            {
                var rows = Math.Min(TileRows, count - row);
                var to = job.A.Gradient + ((first + row) * (nint)width) + column;
                var isWhole = rows == TileRows && columns == TileColumns;
                Tile<V>.ByRows(job.ColumnCount, gradients + (row * (long)PairScratch.Stride), PairScratch.Stride, job.Copied + (column * (nint)PairBlocks.ColumnBlock), TileColumns,
                    isWhole ? to : tile, isWhole ? width : TileColumns, isWhole && adds);
                for (var r = 0; r < (isWhole ? 0 : rows); r++)
                {
                    for (var lane = 0; lane < columns; lane += V.Lanes)
                    {
                        var value = V.Load(tile + (r * TileColumns) + lane);
                        var at = to + (r * (nint)width) + lane;
                        V.Store(at, adds ? V.Load(at, columns - lane) + value : value, columns - lane);
                    }
                }
            }
        }
    }
}
