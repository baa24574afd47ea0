using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>Tokens of a head that a group copies to shared memory, 64 at a time: a thread's pieces of 16 bytes, of every 16th token one (of heads of up to 64 channels) or of every eighth.</summary>
/// <remarks>Addresses are added to, not computed anew: what lies behind the last token is never read.</remarks>
internal struct TensorStream<TWidth>
    where TWidth : struct, IHeadWidth
{
    private ulong _from, _step;
    private int _to, _left;

    /// <summary>Bytes from a thread's token to its next.</summary>
    private static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => AttentionTile.Threads >> TWidth.Bits;
    }

    /// <param name="at">Where the first token lies.</param>
    /// <param name="count">Tokens that there are.</param>
    /// <param name="width">Channels that the head has; others are zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorStream<TWidth> Of<M>(M tensor, int thread, int at, int stride, int count, int width)
        where M : struct, IMatrix
    {
        var (token, channel) = (thread >> TWidth.Bits, (thread & ((1 << TWidth.Bits) - 1)) << 3);
        TensorStream<TWidth> stream;
        stream._from = tensor.Address(channel < width ? at + (token * stride) + channel : at);
        stream._step = (ulong)(uint)(2 * Rows * stride);
        stream._to = (token * TensorTokens<TWidth>.Stride) + (2 * channel);
        stream._left = channel < width ? count - token : 0;
        return stream;
    }

    /// <summary>Starts to copy the next 64 tokens; those behind the last are zeros.</summary>
    /// <returns>What is behind them.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorStream<TWidth> Copy(TensorStream<TWidth> stream, int to)
    {
        to += stream._to;
        stream = Copy(Copy(Copy(Copy(stream, to, 0), to, 1), to, 2), to, 3);
        return TWidth.Bits == 3 ? stream : Copy(Copy(Copy(Copy(stream, to, 4), to, 5), to, 6), to, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TensorStream<TWidth> Copy(TensorStream<TWidth> stream, int to, int number)
    {
        TensorCore.Copy((uint)(to + (number * Rows * TensorTokens<TWidth>.Stride)), stream._from, stream._left > 0 ? 16 : 0);
        stream._from += stream._step;
        stream._left -= Rows;
        return stream;
    }
}
