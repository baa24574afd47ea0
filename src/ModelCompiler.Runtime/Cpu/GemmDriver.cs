using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>The driver of <see cref="Gemm"/> for one epilogue, one width and the elements of three matrices.</summary>
internal static unsafe class GemmDriver<E, V, TA, TB, TC>
    where E : unmanaged, IEpilogue
    where V : unmanaged, ISimd<V>
    where TA : unmanaged
    where TB : unmanaged
    where TC : unmanaged
{
    private static int TileRows => Tile<V>.Rows;

    private static int TileColumns => Tile<V>.Columns;

    // C holds the sums themselves until the last block; else they are elsewhere, and C is written once.
    private static bool IsSummedInPlace => typeof(TC) == typeof(float);

    public static void Run(CpuContext context, in MatrixProduct<TA, TB, TC> product, E epilogue)
    {
        Job job = default;
        job.Product = product;
        job.Scratch = context.Worker(0);
        job.ScratchStride = context.WorkerStride;
        job.Packed = (float*)context.Shared;
        job.Epilogue = epilogue;
        job.Block = Schedule.InnerBlock(product.Inner);
        job.Chunks = new GemmChunks(product.Rows, TileRows, context.Team.Threads);
        job.Splits = E.IsIdentity && IsSummedInPlace ? Schedule.InnerSplits(product.Rows, product.Columns, product.Inner) : 1;
        job.Partial = job.Packed + Gemm.PackedFloats(product.Rows, product.Columns, product.Inner);
        var depth = Gemm.PackedDepth(product.Rows, product.Columns, product.Inner);
        for (var column = 0; column < product.Columns; column += Gemm.ColumnBlock)
        {
            job.FirstColumn = column;
            job.ColumnCount = Math.Min(Gemm.ColumnBlock, product.Columns - column);
            job.Panels = (job.ColumnCount + TileColumns - 1) / TileColumns;
            for (var first = 0; first < product.Inner; first += depth)
            {
                job.FirstInner = first;
                job.Depth = Math.Min(depth, product.Inner - first);
                context.Team.Run((job.Panels + 3) / 4, &PackColumns, &job);
                context.Team.Run(job.Chunks.Split(job.Panels, job.Splits), &Compute, &job);
            }
        }

        if (job.Splits > 1)
        {
            PartialSums.Reduce(context, job.Partial, job.Splits, checked(product.Rows * product.Columns), (float*)product.C, product.Accumulate);
        }
    }

    private static void PackColumns(void* state, int chunk, int worker)
    {
        ref var job = ref *(Job*)state;
        ref readonly var p = ref job.Product;
        for (var panel = chunk * 4; panel < Math.Min((chunk + 1) * 4, job.Panels); panel++)
        {
            var to = job.Packed + ((nint)panel * job.Depth * TileColumns);
            var first = panel * TileColumns;
            var count = Math.Min(TileColumns, job.ColumnCount - first);
            var column = job.FirstColumn + first;
            if (p.TransposeB)
            {
                Packing.Transposed<V, TB>(p.B + (column * p.StrideB) + job.FirstInner, p.StrideB, count, TileColumns, job.Depth, to);
            }
            else
            {
                Packing.Copied<V, TB>(p.B + (job.FirstInner * p.StrideB) + column, p.StrideB, count, TileColumns, job.Depth, to);
            }
        }
    }

    private static void Compute(void* state, int chunk, int worker)
    {
        ref var job = ref *(Job*)state;
        ref readonly var p = ref job.Product;
        var piece = job.Chunks.Piece(chunk, job.Panels, job.Splits);
        var packed = (float*)(job.Scratch + (worker * job.ScratchStride));
        var blocks = (p.Inner + job.Block - 1) / job.Block;
        var start = job.FirstInner / job.Block;
        var here = (job.Depth + job.Block - 1) / job.Block;
        var (firstBlock, lastBlock) = (start + (here * piece.Split / job.Splits), start + (here * (piece.Split + 1) / job.Splits));
        var isPartial = job.Splits > 1;
        var c = isPartial ? job.Partial + (piece.Split * (nint)p.Rows * p.Columns) : IsSummedInPlace ? (float*)p.C : job.Partial - job.FirstColumn;
        var stride = isPartial ? p.Columns : IsSummedInPlace ? p.StrideC : job.ColumnCount;
        var adds = !isPartial && (job.FirstInner > 0 || (IsSummedInPlace && p.Accumulate));
        var edge = packed + Gemm.EdgeOffset;
        for (var block = firstBlock; block < lastBlock; block++, adds = true)
        {
            var k = block * job.Block;
            var depth = Math.Min(job.Block, p.Inner - k);
            PackRows(in p, k, depth, in piece, packed);
            for (var panel = piece.FirstPanel; panel < piece.LastPanel; panel++)
            {
                var b = job.Packed + ((((nint)panel * job.Depth) + k - job.FirstInner) * TileColumns);
                var column = panel * TileColumns;
                var columns = Math.Min(TileColumns, job.ColumnCount - column);
                column += job.FirstColumn;
                for (var tile = piece.FirstTile; tile < piece.LastTile; tile++)
                {
                    var row = tile * TileRows;
                    var rows = Math.Min(TileRows, p.Rows - row);
                    var at = c + (row * stride) + column;
                    var isWhole = rows == TileRows && columns == TileColumns && (IsSummedInPlace || blocks > 1);
                    var to = isWhole ? at : edge;
                    var toStride = isWhole ? stride : TileColumns;
                    if (IsInPlace(in p) && rows == TileRows)
                    {
                        Tile<V>.ByRows(depth, (float*)p.A + (row * p.StrideA) + k, p.StrideA, b, TileColumns, to, toStride, isWhole && adds);
                    }
                    else
                    {
                        Tile<V>.Packed(depth, packed + ((nint)(row - (piece.FirstTile * TileRows)) * depth), TileRows, b, TileColumns, to, toStride, isWhole && adds);
                    }

                    if (!isWhole && (IsSummedInPlace || blocks > 1))
                    {
                        Merge(edge, at, stride, rows, columns, adds);
                    }

                    if (block < blocks - 1)
                    {
                        continue;
                    }

                    if (!IsSummedInPlace)
                    {
                        Apply(ref job.Epilogue, blocks > 1 ? at : edge, blocks > 1 ? stride : TileColumns, p.C + (row * p.StrideC) + column, p.StrideC, row, column, rows, columns);
                    }
                    else if (!E.IsIdentity)
                    {
                        Apply(ref job.Epilogue, at, stride, (TC*)at, stride, row, column, rows, columns);
                    }
                }
            }
        }
    }

    // Rows that lie a multiple of 2 KB apart fall into the same sets of the first-level cache: those are packed.
    private static bool IsInPlace(ref readonly MatrixProduct<TA, TB, TC> p) => typeof(TA) == typeof(float) && !p.TransposeA && p.StrideA % 512 != 0;

    private static void PackRows(ref readonly MatrixProduct<TA, TB, TC> p, int k, int depth, ref readonly GemmPiece piece, float* to)
    {
        var first = piece.FirstTile * TileRows;
        var wholeTiles = Math.Min(piece.LastTile, p.Rows / TileRows) - piece.FirstTile;
        if (p.TransposeA)
        {
            Packing.CopiedTiles<V, TA>(p.A + (k * p.StrideA) + first, p.StrideA, wholeTiles, depth, to);
        }
        else if (!IsInPlace(in p))
        {
            for (var tile = 0; tile < wholeTiles; tile++)
            {
                Packing.Transposed<V, TA>(p.A + ((first + (tile * TileRows)) * p.StrideA) + k, p.StrideA, TileRows, TileRows, depth, to + ((nint)tile * TileRows * depth));
            }
        }

        var row = first + (wholeTiles * TileRows);
        var rest = Math.Min(piece.LastTile * TileRows, p.Rows) - row;
        if (rest > 0)
        {
            to += (nint)wholeTiles * TileRows * depth;
            if (p.TransposeA)
            {
                Packing.Copied<V, TA>(p.A + (k * p.StrideA) + row, p.StrideA, rest, TileRows, depth, to);
            }
            else
            {
                Packing.Transposed<V, TA>(p.A + (row * p.StrideA) + k, p.StrideA, rest, TileRows, depth, to);
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

    // A pass of its own over the tile: inside the inner loop a long epilogue would cost registers. Whole tiles need no masks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Apply(ref E epilogue, float* sums, nint sumStride, TC* c, nint stride, int firstRow, int firstColumn, int rows, int columns)
    {
        var local = epilogue;
        if (columns == TileColumns)
        {
            for (var row = 0; row < rows; row++, sums += sumStride, c += stride)
            {
                Element<TC>.Store(c, local.Apply(V.Load(sums), firstRow + row, firstColumn, V.Lanes));
                Element<TC>.Store(c + V.Lanes, local.Apply(V.Load(sums + V.Lanes), firstRow + row, firstColumn + V.Lanes, V.Lanes));
            }

            return;
        }

        for (var row = 0; row < rows; row++, sums += sumStride, c += stride)
        {
            for (var column = 0; column < columns; column += V.Lanes)
            {
                var n = Math.Min(V.Lanes, columns - column);
                Element<TC>.Store(c + column, local.Apply(V.Load(sums + column, n), firstRow + row, firstColumn + column, n), n);
            }
        }
    }

    private struct Job
    {
        public MatrixProduct<TA, TB, TC> Product;
        public GemmChunks Chunks;
        public byte* Scratch;
        public long ScratchStride;
        public float* Packed, Partial;
        public E Epilogue;
        public int Block, FirstColumn, ColumnCount, Panels, FirstInner, Depth, Splits;
    }
}
