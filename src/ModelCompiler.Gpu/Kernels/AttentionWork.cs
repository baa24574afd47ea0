using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>What the kernels of attention get, and the arithmetic that they share.</summary>
/// <typeparam name="M">What they are given but do not make.</typeparam>
internal struct AttentionWork<M>
    where M : struct, IMatrix
{
    public M Q, K, V, Dy;
    public ArrayView<float> Y, LogSums, Dq, Dk, Dv;

    /// <summary>Of each query of all rows and heads two, by backward: the log sum as an exponent of 2, where tensor cores read it, and output times its gradient.</summary>
    public ArrayView<float> Numbers;
    public ArrayView<int> KeyMask;
    public int QStride, KStride, VStride, YStride, DyStride, DqStride, DkStride, DvStride;
    public int Heads, KeyHeads, Width, Queries, Keys, IsCausal, IsMasked;
    public float Scale;
    public DropoutKey Dropout;

    /// <summary>The tile of tokens that a group has: its first token, its head of several, and its row of the batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int First, int Head, int Row) Tile(int group, int tokens, int heads)
    {
        var tiles = (tokens + AttentionTile.Size - 1) >> AttentionTile.Bits;
        return (group % tiles * AttentionTile.Size, group / tiles % heads, group / tiles / heads);
    }

    /// <summary>The same from the last tile of a head to its first: causal queries that see most keys are begun before those that see few.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int First, int Head, int Row) LastTileFirst(int group, int tokens, int heads)
    {
        var tiles = (tokens + AttentionTile.Size - 1) >> AttentionTile.Bits;
        return ((tiles - 1 - (group % tiles)) * AttentionTile.Size, group / tiles % heads, group / tiles / heads);
    }

    /// <summary>Tokens of the tile from a token on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int InTile(int tokens, int first) => tokens - first < AttentionTile.Size ? tokens - first : AttentionTile.Size;

    /// <summary>Where a head's part of a token begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int At(int row, int tokens, int token, int stride, int head) => (((row * tokens) + token) * stride) + (head * Width);

    /// <summary>One behind the last key that a query may see.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Visible(int query)
    {
        var last = query + 1 + Keys - Queries;
        return IsCausal == 0 || last > Keys ? Keys : last < 0 ? 0 : last;
    }

    /// <summary>Whether a key is not hidden by the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsShown(int row, int key) => IsMasked == 0 || KeyMask[(row * Keys) + key] != 0;

    /// <summary>Whether the mask, which there is, does not hide a key; whatever where there is no such key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool MaskShows(int row, int key) => KeyMask[(row * Keys) + (key < Keys ? key : 0)] != 0;

    /// <summary>0, or -infinity where there is no such key or it is hidden by the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Mask(int row, int key) => key < Keys && IsShown(row, key) ? 0f : float.NegativeInfinity;

    /// <summary>One behind the last key that a query may see; 0 where there is no such query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Limit(int query) => query < Queries ? Visible(query) : 0;

    /// <summary>Dropout's factor of a probability; 1 where the kernel was compiled without it.</summary>
    /// <param name="line">Number of the query among those of all rows and heads.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Keep<TDropout>(int line, int key)
        where TDropout : struct, IDropout => TDropout.IsOn ? Draw(Dropout.Drawn(), ((long)line * Keys) + key) : 1f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Dot(M a, int atA, M b, int atB)
    {
        var sum = 0f;
        for (var d = 0; d < Width; d++)
        {
            sum += a.Load(atA + d) * b.Load(atB + d);
        }

        return sum;
    }

    /// <summary>Output times its gradient, of one head's part of a token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Mean(int dy, int y)
    {
        var sum = 0f;
        for (var d = 0; d < Width; d++)
        {
            sum += Dy.Load(dy + d) * Y[y + d];
        }

        return sum;
    }

    // A call: a tile has 64 of them, and each is hundreds of instructions.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Draw(DrawnKey key, long element) => key.Keep(element);
}
