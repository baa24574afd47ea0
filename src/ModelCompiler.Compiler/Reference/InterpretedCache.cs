using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Compiler.Reference;

/// <summary>Keys, values and masks of earlier tokens, layer by layer: every call attends to them as if they had come in one sequence with its own.</summary>
internal sealed class InterpretedCache
{
    private readonly Dictionary<int, (double[] KeysAndValues, double[] Mask, int Tokens)> _layers = [];
    private (double[] KeysAndValues, double[] Mask) _memory = ([], []);

    /// <summary>The kernel and the call as attention of the new tokens over all, which are kept for the calls to come.</summary>
    public (AttentionKernel Kernel, KernelCall Call) Extend(AttentionKernel k, KernelCall call)
    {
        var (batch, tokens) = ((int)call.Batch, (int)k.Queries.At(call.Batch, call.Length, call.Second));
        var (qkv, width) = (call.Buffers[0], 2 * k.KeyWidth);
        var before = _layers.TryGetValue(call.Layer, out var kept) ? kept : ([], [], 0);
        var queries = Rows(qkv, 0, batch, tokens, k.Query.Stride, 0, k.Width);
        var own = Rows(qkv, 0, batch, tokens, k.Query.Stride, k.Width, width);
        var mask = k.HasMask ? call.Buffers[k.Mask] : [.. Enumerable.Repeat(1.0, batch * tokens)];
        var all = (Joined(before.KeysAndValues, own, batch, before.Tokens * width, tokens * width), Joined(before.Mask, mask, batch, before.Tokens, tokens), before.Tokens + tokens);
        _layers[call.Layer] = all;
        var cross = new AttentionKernel(k.Name, [k.Operands[0], k.Operands[0], k.Operands[0], k.Operands[k.Output], k.Operands[k.LogSums]], true, false, true,
            k.Heads, k.KeyHeads, k.HeadWidth, k.Samples, tokens, all.Item3, k.Scale, k.ByLayer, k.IsCausal, 0, 0);
        return (cross, call with { Buffers = [queries, all.Item1, all.Item2, call.Buffers[k.Output], call.Buffers[k.LogSums]] });
    }

    /// <summary>What the decoder reads, of which every call sees all.</summary>
    /// <param name="keysAndValues">[layers, batch, tokens, keys and values].</param>
    /// <param name="mask">[batch, tokens]: 0 hides a token.</param>
    public void Keep(double[] keysAndValues, double[] mask) => _memory = (keysAndValues, mask);

    /// <summary>The kernel and the call as attention to what is kept.</summary>
    public (AttentionKernel Kernel, KernelCall Call) Ask(AttentionKernel k, KernelCall call)
    {
        var (rows, queries) = (call.Batch, (int)k.Queries.At(call.Batch, call.Length, call.Second));
        var layer = _memory.Mask.Length * 2 * k.KeyWidth;
        var tokens = _memory.Mask.Length / rows;
        var cross = new AttentionKernel(k.Name, [k.Operands[0], k.Operands[0], k.Operands[0], k.Operands[k.Output], k.Operands[k.LogSums]], true, false, true,
            k.Heads, k.KeyHeads, k.HeadWidth, rows, queries, tokens, k.Scale, k.ByLayer, false, 0, 0);
        return (cross, call with { Buffers = [call.Buffers[0], [.. _memory.KeysAndValues.Skip(call.Layer * layer).Take(layer)], _memory.Mask, call.Buffers[k.Output], call.Buffers[k.LogSums]] });
    }

    private static double[] Rows(double[] from, int first, int batch, int tokens, int stride, int offset, int count) =>
        [.. Enumerable.Range(first, batch * tokens).SelectMany(t => from.Skip((t * stride) + offset).Take(count))];

    // Row by row: what was there, then what is new.
    private static double[] Joined(double[] before, double[] behind, int batch, int old, int more) =>
        [.. Enumerable.Range(0, batch).SelectMany(b => before.Skip(b * old).Take(old).Concat(behind.Skip(b * more).Take(more)))];
}
