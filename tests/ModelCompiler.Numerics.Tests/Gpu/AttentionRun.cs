using ILGPU;
using ILGPU.Runtime;
using ModelCompiler.Gpu;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Attention of random queries, keys and values on a device, forwards and backwards as often as tests want, each time by single queries or by tiles.</summary>
internal sealed class AttentionRun<M> : IDisposable
    where M : struct, IMatrix
{
    private const int Batch = 2;
    private readonly GpuContext _byQueries, _byTiles;
    private readonly DeviceMatrix _qkv, _dy;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _y, _logSums, _dqkv;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _mask, _draw;
    private AttentionArguments<M> _arguments;
    private AttentionGradients<M> _gradients;

    /// <param name="start">Elements before the first of queries, keys and values.</param>
    public AttentionRun(GpuDevice device, (int Tokens, int Heads, int KeyHeads, int Width) size, bool causal, bool masked, float dropout, int start = 0)
    {
        var (tokens, heads, keyHeads, width) = size;
        (_byQueries, _byTiles) = (new GpuContext(device) { HasGroupMemory = false }, new GpuContext(device) { HasGroupMemory = true });
        var accelerator = _byQueries.Accelerator;
        var (stride, all) = ((heads + (2 * keyHeads)) * width, heads * width);
        _qkv = new DeviceMatrix(accelerator, Batch * tokens, stride, gap: 0, start, seed: 1);
        _dy = new DeviceMatrix(accelerator, Batch * tokens, all, gap: 0, start, seed: 2);
        _y = accelerator.Allocate1D<float>(Batch * tokens * all);
        _logSums = accelerator.Allocate1D<float>(Batch * heads * tokens);
        _dqkv = accelerator.Allocate1D<float>(Batch * tokens * stride);
        _mask = accelerator.Allocate1D(Enumerable.Range(0, Batch * tokens).Select(i => i % 7 == 3 || (i >= tokens && i < tokens + 2) ? 0 : 1).ToArray());
        _draw = accelerator.Allocate1D(new[] { 3 });

        ref var a = ref _arguments;
        (a.Query, a.Key, a.Value) = (_qkv.As<M>(), _qkv.As<M>(all), _qkv.As<M>(all + (keyHeads * width)));
        (a.Output, a.LogSumExp) = (_y.View, _logSums.View);
        a.QueryStride = a.KeyStride = a.ValueStride = stride;
        (a.OutputStride, a.Batch, a.Heads, a.KeyHeads, a.HeadWidth, a.Queries, a.Keys) = (all, Batch, heads, keyHeads, width, tokens, tokens);
        (a.Scale, a.Causal, a.HasDropout, a.Dropout) = (0.3f, causal, dropout > 0, new DropoutKey(_draw.View, 5, 1, dropout));
        if (masked)
        {
            a.KeyMask = _mask.View;
        }

        ref var g = ref _gradients;
        (g.OutputGradient, g.OutputGradientStride) = (_dy.As<M>(), all);
        (g.QueryGradient, g.KeyGradient, g.ValueGradient) = (Part(0), Part(all), Part(all + (keyHeads * width)));
        g.QueryGradientStride = g.KeyGradientStride = g.ValueGradientStride = stride;
        _byQueries.ReserveScratch(Attention.ScratchBytes(Batch, heads, tokens));
        _byTiles.ReserveScratch(Attention.ScratchBytes(Batch, heads, tokens));
    }

    /// <summary>Outputs and log sums.</summary>
    public (float[] Outputs, float[] LogSums) Forward(bool byTiles)
    {
        Forget(_y);
        Forget(_logSums);
        var context = byTiles ? _byTiles : _byQueries;
        Attention.Forward(context, in _arguments);
        context.Synchronize();
        return (_y.GetAsArray1D(), _logSums.GetAsArray1D());
    }

    /// <summary>Gradients of queries, keys and values, of the outputs and log sums that there are.</summary>
    public float[] Backward(bool byTiles)
    {
        Forget(_dqkv);
        var context = byTiles ? _byTiles : _byQueries;
        Attention.Backward(context, in _arguments, in _gradients);
        context.Synchronize();
        return _dqkv.GetAsArray1D();
    }

    public void Dispose()
    {
        _qkv.Dispose();
        _dy.Dispose();
        _y.Dispose();
        _logSums.Dispose();
        _dqkv.Dispose();
        _mask.Dispose();
        _draw.Dispose();
        _byQueries.Dispose();
        _byTiles.Dispose();
    }

    // What a kernel leaves out stays no number.
    private static void Forget(MemoryBuffer1D<float, Stride1D.Dense> buffer) => buffer.CopyFromCPU(Enumerable.Repeat(float.NaN, (int)buffer.Length).ToArray());

    private ArrayView<float> Part(int from) => ((ArrayView<float>)_dqkv.View).SubView(from);
}
