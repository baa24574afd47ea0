namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Adds the rows of a gradient to the rows of a table that their ids name. Rows are sorted by id first (a stable counting sort),
/// so that each element belongs to one chunk and its rows are added in ascending order: no atomics, the same bits always.
/// </summary>
public static unsafe class EmbeddingGradient
{
    // Small tables are cut by columns too, so that many threads have work.
    private const int SmallTable = 4096, ColumnsOfSmall = 64;

    public static long SharedScratchBytes(long rows, int vocabulary) => (rows + vocabulary + 1) * sizeof(int);

    /// <param name="ids">[rows], each 0 to vocabulary - 1.</param>
    /// <param name="gradient">[rows, width].</param>
    /// <param name="table">[vocabulary, width].</param>
    /// <param name="paddingId">An id whose row gets nothing; -1: none.</param>
    /// <param name="accumulate">Add to what is in the table; else it is overwritten.</param>
    /// <typeparam name="T">float or <see cref="BFloat16"/>.</typeparam>
    public static void Run<T>(CpuContext context, int* ids, T* gradient, long rows, int width, float* table, int vocabulary, int paddingId, bool accumulate)
        where T : unmanaged
    {
        var starts = (int*)context.Shared;
        var order = starts + vocabulary + 1;
        new Span<int>(starts, vocabulary + 1).Clear();
        for (var row = 0L; row < rows; row++)
        {
            starts[ids[row] + 1]++;
        }

        for (var id = 0; id < vocabulary; id++)
        {
            starts[id + 1] += starts[id];
        }

        // Filling moves each start to its end, which is the next one's start.
        for (var row = 0L; row < rows; row++)
        {
            order[starts[ids[row]]++] = (int)row;
        }

        var isSmall = vocabulary <= SmallTable;
        var (idsPerChunk, columns) = isSmall ? (16, ColumnsOfSmall) : (64, width);
        var job = new Job<T>
        {
            Ends = starts,
            Order = order,
            Gradient = gradient,
            Table = table,
            Width = width,
            Vocabulary = vocabulary,
            PaddingId = paddingId,
            Accumulate = accumulate,
            IdsPerChunk = idsPerChunk,
            ColumnsPerChunk = columns,
            Pieces = (width + columns - 1) / columns,
        };
        context.Team.Run((vocabulary + idsPerChunk - 1) / idsPerChunk * job.Pieces, context.Set switch
        {
            InstructionSet.Vector512 => &Body<Simd512, T>,
            InstructionSet.Vector256 => &Body<Simd256, T>,
            _ => &Body<Simd128, T>,
        }, &job);
    }

    private static void Body<V, T>(void* state, int chunk, int worker)
        where V : unmanaged, ISimd<V>
        where T : unmanaged
    {
        ref readonly var job = ref *(Job<T>*)state;
        var (first, column) = (chunk / job.Pieces * job.IdsPerChunk, chunk % job.Pieces * job.ColumnsPerChunk);
        var columns = Math.Min(job.ColumnsPerChunk, job.Width - column);
        for (var id = first; id < Math.Min(first + job.IdsPerChunk, job.Vocabulary); id++)
        {
            var to = job.Table + ((long)id * job.Width) + column;
            if (!job.Accumulate)
            {
                new Span<float>(to, columns).Clear();
            }

            if (id == job.PaddingId)
            {
                continue;
            }

            for (var i = id == 0 ? 0 : job.Ends[id - 1]; i < job.Ends[id]; i++)
            {
                var from = job.Gradient + ((long)job.Order[i] * job.Width) + column;
                for (var c = 0; c < columns; c += V.Lanes)
                {
                    var n = columns - c;
                    V.Store(to + c, V.Load(to + c, n) + Element<T>.Load<V>(from + c, n), n);
                }
            }
        }
    }

    private struct Job<T>
        where T : unmanaged
    {
        public int* Ends, Order;
        public T* Gradient;
        public float* Table;
        public int Width, Vocabulary, PaddingId, IdsPerChunk, ColumnsPerChunk, Pieces;
        public bool Accumulate;
    }
}
