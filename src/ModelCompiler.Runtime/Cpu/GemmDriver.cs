using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>The driver of <see cref="Gemm"/> for one epilogue and one width.</summary>
internal static unsafe class GemmDriver<E, V>
    where E : unmanaged, IEpilogue
    where V : unmanaged, ISimd<V>
{
    private static int TileRows => Tile<V>.Rows;

    private static int TileColumns => Tile<V>.Columns;

    public static void Run(CpuContext context, in MatrixProduct product, E epilogue)
    {
        Job job = default;
        job.Product = product;
        job.Scratch = context.Worker(0);
        job.ScratchStride = context.WorkerStride;
        job.Packed = (float*)context.Shared;
        job.Epilogue = epilogue;
        job.Block = Schedule.InnerBlock(product.Inner);
        for (var column = 0; column < product.Columns; column += Gemm.ColumnBlock)
        {
            job.FirstColumn = column;
            job.ColumnCount = Math.Min(Gemm.ColumnBlock, product.Columns - column);
            var panels = (job.ColumnCount + TileColumns - 1) / TileColumns;
            context.Team.Run((panels + 3) / 4, &PackColumns, &job);

            // Few rows: columns are split too, so that every thread has work.
            var tiles = (product.Rows + TileRows - 1) / TileRows;
            job.RowChunks = (tiles + Gemm.TileRowsPerChunk - 1) / Gemm.TileRowsPerChunk;
            var wanted = (4 * context.Team.Threads) + job.RowChunks - 1;
            job.PanelsPerChunk = Math.Max(2, (panels + (wanted / job.RowChunks) - 1) / Math.Max(1, wanted / job.RowChunks));
            var columnChunks = (panels + job.PanelsPerChunk - 1) / job.PanelsPerChunk;
            context.Team.Run(job.RowChunks * columnChunks, &Compute, &job);
        }
    }

    private static void PackColumns(void* state, int chunk, int worker)
    {
        ref var job = ref *(Job*)state;
        ref readonly var p = ref job.Product;
        for (var panel = chunk * 4; panel < Math.Min((chunk + 1) * 4, (job.ColumnCount + TileColumns - 1) / TileColumns); panel++)
        {
            var to = job.Packed + ((nint)panel * p.Inner * TileColumns);
            var first = panel * TileColumns;
            var count = Math.Min(TileColumns, job.ColumnCount - first);
            var column = job.FirstColumn + first;
            if (p.TransposeB)
            {
                Packing.Transposed(p.B + (column * p.StrideB), p.StrideB, count, TileColumns, p.Inner, to);
            }
            else
            {
                Packing.Copied<V>(p.B + column, p.StrideB, count, TileColumns, p.Inner, to);
            }
        }
    }

    private static void Compute(void* state, int chunk, int worker)
    {
        ref var job = ref *(Job*)state;
        ref readonly var p = ref job.Product;
        var packed = (float*)(job.Scratch + (worker * job.ScratchStride));
        var edge = packed + (Gemm.TileRowsPerChunk * 12 * 512);
        var firstRow = chunk % job.RowChunks * Gemm.TileRowsPerChunk * TileRows;
        var rows = Math.Min(Gemm.TileRowsPerChunk * TileRows, p.Rows - firstRow);
        var firstPanel = chunk / job.RowChunks * job.PanelsPerChunk;
        var lastPanel = Math.Min(firstPanel + job.PanelsPerChunk, (job.ColumnCount + TileColumns - 1) / TileColumns);
        for (var k = 0; k < p.Inner; k += job.Block)
        {
            var depth = Math.Min(job.Block, p.Inner - k);
            for (var row = 0; row < rows; row += TileRows)
            {
                var count = Math.Min(TileRows, rows - row);
                var to = packed + ((nint)row * depth);
                if (p.TransposeA)
                {
                    Packing.Copied<V>(p.A + (k * p.StrideA) + firstRow + row, p.StrideA, count, TileRows, depth, to);
                }
                else
                {
                    Packing.Transposed(p.A + ((firstRow + row) * p.StrideA) + k, p.StrideA, count, TileRows, depth, to);
                }
            }

            var adds = k > 0 || p.Accumulate;
            var isLast = k + depth == p.Inner && !E.IsIdentity;
            for (var panel = firstPanel; panel < lastPanel; panel++)
            {
                var b = job.Packed + ((((nint)panel * p.Inner) + k) * TileColumns);
                var column = job.FirstColumn + (panel * TileColumns);
                var columns = Math.Min(TileColumns, job.FirstColumn + job.ColumnCount - column);
                for (var row = 0; row < rows; row += TileRows)
                {
                    var count = Math.Min(TileRows, rows - row);
                    var c = p.C + ((firstRow + row) * p.StrideC) + column;
                    if (count == TileRows && columns == TileColumns)
                    {
                        Tile<V>.Multiply(depth, packed + ((nint)row * depth), TileRows, b, c, p.StrideC, adds);
                    }
                    else
                    {
                        Tile<V>.Multiply(depth, packed + ((nint)row * depth), TileRows, b, edge, TileColumns, false);
                        Merge(edge, c, p.StrideC, count, columns, adds);
                    }

                    if (isLast)
                    {
                        Apply(ref job.Epilogue, c, p.StrideC, firstRow + row, column, count, columns);
                    }
                }
            }
        }
    }

    private static void Merge(float* from, float* to, nint stride, int rows, int columns, bool adds)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column += V.Lanes)
            {
                var n = columns - column;
                var value = V.Load(from + (row * TileColumns) + column);
                var at = to + (row * stride) + column;
                V.Store(at, adds ? V.Load(at, n) + value : value, n);
            }
        }
    }

    // A pass of its own over the tile: inside the inner loop a long epilogue would cost registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Apply(ref E epilogue, float* c, nint stride, int firstRow, int firstColumn, int rows, int columns)
    {
        var local = epilogue;
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column += V.Lanes)
            {
                var n = Math.Min(V.Lanes, columns - column);
                var at = c + (row * stride) + column;
                V.Store(at, local.Apply(V.Load(at, n), firstRow + row, firstColumn + column, n), n);
            }
        }
    }

    private struct Job
    {
        public MatrixProduct Product;
        public byte* Scratch;
        public long ScratchStride;
        public float* Packed;
        public E Epilogue;
        public int Block, FirstColumn, ColumnCount, RowChunks, PanelsPerChunk;
    }
}
