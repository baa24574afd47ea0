using System.Runtime.CompilerServices;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Gpu;

/// <summary>What decides which elements dropout keeps, as <see cref="Runtime.Cpu.DropoutKey"/> does and with the same bits, for kernels of a GPU.</summary>
public readonly struct DropoutKey
{
    private readonly uint _seedLow, _seedHigh, _step, _site, _threshold;
    private readonly float _scale;

    /// <param name="seed">The model's seed.</param>
    /// <param name="step">Number of the training step.</param>
    /// <param name="site">Number of the place in the model, the layer added.</param>
    /// <param name="probability">That an element is dropped, 0 up to below 1.</param>
    public DropoutKey(ulong seed, ulong step, uint site, float probability)
    {
        (_seedLow, _seedHigh, _step, _site) = ((uint)seed, (uint)(seed >> 32), (uint)step, site);
        _threshold = (uint)Math.Min(probability * 4294967296.0, uint.MaxValue);
        _scale = 1f / (1f - probability);
    }

    /// <summary>1 / (1 - p) where the element is kept, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Keep(long element)
    {
        var (a, b, c, d) = Philox.Draw((uint)(element >> 2), (uint)(element >> 34), _step, _site, _seedLow, _seedHigh);
        var word = (int)(element & 3);
        var drawn = word == 0 ? a : word == 1 ? b : word == 2 ? c : d;
        return drawn >= _threshold ? _scale : 0f;
    }
}
