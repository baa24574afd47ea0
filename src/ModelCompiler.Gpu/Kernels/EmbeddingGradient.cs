using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Rows of a gradient added to the rows of a table that their ids name, in the order of the rows: no two threads write the same value.</summary>
public static class EmbeddingGradient
{
    /// <param name="ids">[rows], each below <paramref name="vocabulary"/>.</param>
    /// <param name="gradient">[rows, width].</param>
    /// <param name="table">[vocabulary, width].</param>
    /// <param name="paddingId">An id whose row gets nothing; negative: none.</param>
    /// <param name="accumulate">Add to what is there.</param>
    public static void Run(GpuContext context, ArrayView<int> ids, ArrayView<float> gradient, long rows, int width, ArrayView<float> table, int vocabulary, int paddingId, bool accumulate) =>
        Run(context, ids, new FloatMatrix(gradient), rows, width, table, vocabulary, paddingId, accumulate);

    /// <summary>The same of narrow elements.</summary>
    public static void Run(GpuContext context, ArrayView<int> ids, ArrayView<BFloat16> gradient, long rows, int width, ArrayView<float> table, int vocabulary, int paddingId, bool accumulate) =>
        Run(context, ids, new NarrowMatrix(gradient), rows, width, table, vocabulary, paddingId, accumulate);

    private static void Run<TMatrix>(GpuContext context, ArrayView<int> ids, TMatrix gradient, long rows, int width, ArrayView<float> table, int vocabulary, int paddingId, bool accumulate)
        where TMatrix : struct, IMatrix
    {
        Arguments<TMatrix> a = default;
        (a.Ids, a.Gradient, a.Table, a.Rows, a.Width) = (ids, gradient, table, checked((int)rows), width);
        (a.PaddingId, a.Accumulates) = (paddingId, accumulate ? 1 : 0);
        if (width >= FewestColumns)
        {
            context.Launch(Body<ByWarps, TMatrix>, Body<ByMemory, TMatrix>, vocabulary, Groups.Size, in a);
        }
        else
        {
            a.Values = checked(vocabulary * width);
            context.Launch(Narrow, (a.Values + ValuesOfGroup - 1) / ValuesOfGroup, ValuesOfGroup, in a);
        }
    }

    /// <summary>None.</summary>
    public static long SharedScratchBytes(long rows, int vocabulary) => 0;

    // A row of fewer columns would leave most of a group idle.
    private const int FewestColumns = 64;

    private const int ValuesOfGroup = 128;

    // A thread has one value of the table and looks at every id, as its neighbours do at the same time.
    private static void Narrow<TMatrix>(Arguments<TMatrix> a)
        where TMatrix : struct, IMatrix
    {
        var (thread, threads, first) = (Group.IdxX, Group.DimX, Grid.IdxX * ValuesOfGroup);
        var last = first + ValuesOfGroup < a.Values ? first + ValuesOfGroup : a.Values;
        for (var to = first + thread; to < last; to += threads)
        {
            var id = to / a.Width;
            var column = to - (id * a.Width);
            var sum = a.Accumulates == 0 ? 0f : a.Table[to];
            var rows = id == a.PaddingId ? 0 : a.Rows;
            for (var row = 0; row < rows; row++)
            {
                if (a.Ids[row] == id)
                {
                    sum += a.Gradient.Load((row * a.Width) + column);
                }
            }

            a.Table[to] = sum;
        }
    }

    // A group has one row of the table at a time: its threads look at as many ids together, and where one of them is the row's, each adds its columns.
    private static void Body<TReduction, TMatrix>(Arguments<TMatrix> a)
        where TReduction : struct, IReduction
        where TMatrix : struct, IMatrix
    {
        var shared = SharedMemory.Allocate<float>(Groups.Size);
        var hits = SharedMemory.Allocate<float>(Groups.Size);
        var (thread, threads, id) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var to = id * a.Width;
        if (a.Accumulates == 0)
        {
            for (var c = thread; c < a.Width; c += threads)
            {
                a.Table[to + c] = 0f;
            }
        }

        var rows = id == a.PaddingId ? 0 : a.Rows;
        for (var first = 0; first < rows; first += threads)
        {
            var hit = first + thread < rows && a.Ids[first + thread] == id ? 1f : 0f;
            hits[thread] = hit;
            if (TReduction.Sum(shared, thread, threads, hit) > 0f)
            {
                for (var i = 0; i < threads; i++)
                {
                    if (hits[i] > 0f)
                    {
                        for (var c = thread; c < a.Width; c += threads)
                        {
                            a.Table[to + c] += a.Gradient.Load(((first + i) * a.Width) + c);
                        }
                    }
                }
            }

            Group.Barrier();
        }
    }

    internal struct Arguments<TMatrix>
        where TMatrix : struct, IMatrix
    {
        public ArrayView<int> Ids;
        public TMatrix Gradient;
        public ArrayView<float> Table;
        public int Rows, Width, Values, PaddingId, Accumulates;
    }
}
