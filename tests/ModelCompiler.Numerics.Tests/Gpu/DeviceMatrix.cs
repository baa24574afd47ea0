using ILGPU;
using ILGPU.Runtime;
using ModelCompiler.Gpu;
using BFloat16 = ModelCompiler.Gpu.BFloat16;

namespace ModelCompiler.Numerics.Tests;

/// <summary>A stored matrix of numbers from -0.5 to 0.5 in a device's memory, as floats and in 16 bits.</summary>
internal sealed class DeviceMatrix : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _floats;
    private readonly MemoryBuffer1D<BFloat16, Stride1D.Dense> _narrow;
    private readonly int _start;

    /// <param name="gap">Elements between rows that belong to nobody.</param>
    /// <param name="start">Elements before the first.</param>
    public DeviceMatrix(Accelerator accelerator, int rows, int columns, int gap, int start, int seed)
    {
        var random = new Random(seed);
        (Stride, _start) = (columns + gap, start);
        var values = new float[start + ((rows - 1) * Stride) + columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle() - 0.5f;
        }

        _floats = accelerator.Allocate1D(values);
        _narrow = accelerator.Allocate1D(Array.ConvertAll(values, static v => (BFloat16)v));
    }

    public int Stride { get; }

    /// <summary>The matrix as a product gets it.</summary>
    /// <param name="from">Elements that are left out.</param>
    public M As<M>(int from = 0)
        where M : struct, IMatrix
    {
        from += _start;
        var floats = _floats.View.SubView(from, _floats.Length - from);
        return default(M) switch
        {
            NarrowMatrix => (M)(object)new NarrowMatrix(_narrow.View.SubView(from, _narrow.Length - from)),
            RoundedMatrix => (M)(object)new RoundedMatrix(floats),
            _ => (M)(object)new FloatMatrix(floats),
        };
    }

    /// <summary>What is stored now, row by row with <see cref="Stride"/>.</summary>
    public double[] Stored<M>()
        where M : struct, IMatrix
    {
        var stored = typeof(M) == typeof(NarrowMatrix) ? Array.ConvertAll(_narrow.GetAsArray1D(), static v => (float)v) : _floats.GetAsArray1D();
        return Array.ConvertAll(stored[_start..], static v => (double)v);
    }

    /// <summary>The same as tensor cores multiply it: floats with 10 bits of mantissa, the nearest, of two equally near the one away from zero.</summary>
    public double[] Multiplied<M>()
        where M : struct, IMatrix => Array.ConvertAll(Stored<M>(), static v => M.IsRounded
        ? BFloat16.Round((float)v)
        : M.IsWide ? BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits((float)v) + 0x1000) & 0xFFFFE000) : v);

    public void Dispose()
    {
        _floats.Dispose();
        _narrow.Dispose();
    }
}
