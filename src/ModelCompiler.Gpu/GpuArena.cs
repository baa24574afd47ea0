using ILGPU;
using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>Zeroed floats on a device.</summary>
internal sealed class GpuArena : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _buffer;

    /// <exception cref="OutOfMemoryException">The device has no such memory.</exception>
    /// <exception cref="DeviceLostException">The device failed.</exception>
    public GpuArena(GpuContext context, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        try
        {
            _buffer = context.Accelerator.Allocate1D<float>(Math.Max(1, (bytes + sizeof(float) - 1) / sizeof(float)));
        }
        catch (OutOfMemoryException e)
        {
            throw DeviceLostException.OutOfMemory(context.Device, bytes, e);
        }
        catch (AcceleratorException e)
        {
            throw DeviceLostException.Of(context.Device, e, bytes);
        }

        Bytes = bytes;
        context.Allocations++;
        Clear(context);
    }

    public ArrayView<float> View => _buffer.View;

    /// <summary>0 once it is disposed of.</summary>
    public long Bytes { get; private set; }

    public bool IsDisposed => _buffer.IsDisposed;

    /// <summary>Replaces an arena by a larger one where it is too small; what was in it is lost.</summary>
    public static void Grow(GpuContext context, ref GpuArena arena, long bytes)
    {
        if (bytes > arena.Bytes)
        {
            context.Synchronize();
            arena.Dispose();
            arena = new GpuArena(context, bytes);
        }
    }

    /// <summary>Zeros again.</summary>
    /// <exception cref="DeviceLostException">The device failed.</exception>
    public void Clear(GpuContext context)
    {
        try
        {
            _buffer.MemSetToZero(context.Stream);
        }
        catch (AcceleratorException e)
        {
            throw DeviceLostException.Of(context.Device, e);
        }
    }

    public void Dispose()
    {
        Bytes = 0;
        _buffer.Dispose();
    }
}
