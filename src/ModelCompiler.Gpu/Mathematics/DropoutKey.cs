using System.Runtime.CompilerServices;
using ILGPU;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Gpu;

/// <summary>What decides which elements dropout keeps, as <see cref="Runtime.Cpu.DropoutKey"/> does and with the same bits, for kernels of a GPU.</summary>
public readonly struct DropoutKey
{
    private readonly ArrayView<int> _draw;
    private readonly DrawnKey _key;

    /// <param name="draw">Number of the training pass; on the device, so that launches of all passes have the same arguments.</param>
    /// <param name="seed">The model's seed.</param>
    /// <param name="site">Number of the place in the model, the layer added.</param>
    /// <param name="probability">That an element is dropped, 0 up to below 1.</param>
    public DropoutKey(ArrayView<int> draw, ulong seed, uint site, float probability)
    {
        _draw = draw;
        _key.SeedLow = (uint)seed;
        _key.SeedHigh = (uint)(seed >> 32);
        _key.Site = site;
        _key.Threshold = (uint)Math.Min(probability * 4294967296.0, uint.MaxValue);
        _key.Scale = 1f / (1f - probability);
    }

    /// <summary>1 / (1 - p) where the element is kept, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Keep(long element) => Drawn().Keep(element);

    /// <summary>The key with the number of the pass: functions that are called take no memory of the device, since OpenCL must know its kind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal DrawnKey Drawn()
    {
        var key = _key;
        key.Pass = (uint)_draw[0];
        return key;
    }
}

/// <summary>A <see cref="DropoutKey"/> inside a kernel.</summary>
internal struct DrawnKey
{
    public uint SeedLow, SeedHigh, Pass, Site, Threshold;
    public float Scale;

    /// <inheritdoc cref="DropoutKey.Keep"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Keep(long element)
    {
        var (a, b, c, d) = Philox.Draw((uint)(element >> 2), (uint)(element >> 34), Pass, Site, SeedLow, SeedHigh);
        var word = (int)(element & 3);
        var drawn = word == 0 ? a : word == 1 ? b : word == 2 ? c : d;
        return drawn >= Threshold ? Scale : 0f;
    }
}
