using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Writes the vectors of a batch into a queue from its next row on, around its end, where the step is made.</summary>
internal static class QueueRows
{
    /// <param name="next">Number of the row that is written next.</param>
    /// <param name="scale">The factor of the gradients; negative: the step is not made.</param>
    public static void Write(GpuContext context, ArrayView<float> keys, ArrayView<float> queue, ArrayView<float> next, int count, int rows, int width, ArrayView<float> scale)
    {
        Arguments a = default;
        (a.Keys, a.Queue, a.Next, a.Scale) = (keys, queue, next, scale);
        (a.Count, a.Rows, a.Width) = (count, rows, width);
        context.Launch(Body, Math.Min(((count * width) + Groups.Size - 1) / Groups.Size, 1024), Groups.Size, in a);
    }

    /// <summary>Moves the next row on, behind what was written to all queues that share it.</summary>
    public static void Advance(GpuContext context, ArrayView<float> next, int count, int rows, ArrayView<float> scale)
    {
        Arguments a = default;
        (a.Keys, a.Queue, a.Next, a.Scale) = (next, next, next, scale);
        (a.Count, a.Rows) = (count, rows);
        context.Launch(Move, 1, 1, in a);
    }

    private static void Body(Arguments a)
    {
        var (thread, threads, group, groups) = (Group.IdxX, Group.DimX, Grid.IdxX, Grid.DimX);
        if (a.Scale[0] < 0f)
        {
            return;
        }

        var first = Row(a) * a.Width;
        var size = a.Rows * a.Width;
        for (var i = (group * threads) + thread; i < a.Count * a.Width; i += groups * threads)
        {
            a.Queue[(first + i) % size] = a.Keys[i];
        }
    }

    private static void Move(Arguments a)
    {
        if (a.Scale[0] >= 0f)
        {
            a.Next[0] = (Row(a) + a.Count) % a.Rows;
        }
    }

    // The number may come from a file.
    private static int Row(Arguments a)
    {
        var row = (int)a.Next[0];
        return row < 0 ? 0 : row >= a.Rows ? a.Rows - 1 : row;
    }

    internal struct Arguments
    {
        public ArrayView<float> Keys, Queue, Next, Scale;
        public int Count, Rows, Width;
    }
}
