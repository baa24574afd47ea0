using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>What is done to keys and values that are kept: writing those of new tokens, and moving rows.</summary>
internal static class CachedRows
{
    /// <summary>Writes keys, values and mask of new tokens behind those that are there.</summary>
    public static void Keep(GpuContext context, in AttentionArguments<FloatMatrix> a, ArrayView<float> keys, ArrayView<int> mask, int room, int tokens)
    {
        Tokens t = default;
        (t.Key, t.Value, t.To, t.ToMask) = (a.Key, a.Value, keys, mask);
        (t.Mask, t.IsMasked) = a.KeyMask.IsValid ? (a.KeyMask, 1) : (context.Nothing.Cast<int>(), 0);
        (t.Stride, t.Width, t.New, t.Room, t.Before) = (a.KeyStride, a.KeyHeads * a.HeadWidth, a.Keys, room, tokens);
        context.Launch(Write, a.Batch * a.Keys, t.Width, in t);
    }

    /// <summary>Row r becomes row parents[r] in a stretch of it.</summary>
    /// <param name="moved">Room for all stretches.</param>
    /// <param name="count">Elements of a stretch.</param>
    /// <param name="stride">Elements of a row.</param>
    /// <param name="first">First element of the stretch.</param>
    public static void Move(GpuContext context, ArrayView<float> values, ArrayView<float> moved, ArrayView<int> parents, int rows, int count, int stride, int first)
    {
        Rows r = default;
        (r.Values, r.Moved, r.Parents) = (values, moved, parents);
        (r.Count, r.Stride, r.First) = (count, stride, first);
        context.Launch(Take, rows, count, in r);
        context.Launch(Give, rows, count, in r);
    }

    // A group has a token.
    private static void Write(Tokens t)
    {
        var (thread, threads, token) = (Group.IdxX, Group.DimX, Grid.IdxX);
        var at = (token / t.New * t.Room) + t.Before + (token % t.New);
        for (var d = thread; d < t.Width; d += threads)
        {
            t.To[(at * 2 * t.Width) + d] = t.Key.Load((token * t.Stride) + d);
            t.To[(((at * 2) + 1) * t.Width) + d] = t.Value.Load((token * t.Stride) + d);
        }

        if (thread == 0)
        {
            t.ToMask[at] = t.IsMasked == 0 ? 1 : t.Mask[token];
        }
    }

    private static void Take(Rows r)
    {
        var (thread, threads, row) = (Group.IdxX, Group.DimX, Grid.IdxX);
        for (var i = thread; i < r.Count; i += threads)
        {
            r.Moved[(row * r.Count) + i] = r.Values[(r.Parents[row] * r.Stride) + r.First + i];
        }
    }

    private static void Give(Rows r)
    {
        var (thread, threads, row) = (Group.IdxX, Group.DimX, Grid.IdxX);
        for (var i = thread; i < r.Count; i += threads)
        {
            r.Values[(row * r.Stride) + r.First + i] = r.Moved[(row * r.Count) + i];
        }
    }

    internal struct Tokens
    {
        public FloatMatrix Key, Value;
        public ArrayView<float> To;
        public ArrayView<int> Mask, ToMask;
        public int IsMasked, Stride, Width, New, Room, Before;
    }

    internal struct Rows
    {
        public ArrayView<float> Values, Moved;
        public ArrayView<int> Parents;
        public int Count, Stride, First;
    }
}
