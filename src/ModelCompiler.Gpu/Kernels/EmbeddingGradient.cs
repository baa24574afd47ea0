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
    public static void Run(GpuContext context, ArrayView<int> ids, ArrayView<float> gradient, long rows, int width, ArrayView<float> table, int vocabulary, int paddingId, bool accumulate)
    {
        Arguments a = default;
        (a.Ids, a.Gradient, a.Table, a.Rows, a.Width) = (ids, gradient, table, checked((int)rows), width);
        (a.Vocabulary, a.PaddingId, a.Accumulates) = (vocabulary, paddingId, accumulate ? 1 : 0);
        context.Launch(Body, vocabulary, width, in a);
    }

    /// <summary>None.</summary>
    public static long SharedScratchBytes(long rows, int vocabulary) => 0;

    // A group has one row of the table at a time; its threads have columns.
    private static void Body(Arguments a)
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        for (var id = group; id < a.Vocabulary; id += groups)
        {
            for (var c = thread; c < a.Width; c += threads)
            {
                var to = (id * a.Width) + c;
                var sum = a.Accumulates != 0 ? a.Table[to] : 0f;
                var last = id == a.PaddingId ? 0 : a.Rows;
                for (var row = 0; row < last; row++)
                {
                    if (a.Ids[row] == id)
                    {
                        sum += a.Gradient[(row * a.Width) + c];
                    }
                }

                a.Table[to] = sum;
            }
        }
    }

    internal struct Arguments
    {
        public ArrayView<int> Ids;
        public ArrayView<float> Gradient, Table;
        public int Rows, Width, Vocabulary, PaddingId, Accumulates;
    }
}
