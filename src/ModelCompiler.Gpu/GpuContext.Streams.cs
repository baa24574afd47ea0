using ILGPU;
using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>Streams, points on them and copies between arenas: what a driver may refuse says what to do.</summary>
public sealed partial class GpuContext
{
    /// <summary>Copies on the device, behind all launches.</summary>
    internal void Copy<T>(ArrayView<T> source, ArrayView<T> destination)
        where T : unmanaged
    {
        try
        {
            destination.CopyFrom(Stream, source);
        }
        catch (AcceleratorException e)
        {
            throw DeviceLostException.Of(Device, e);
        }
    }

    /// <summary>A stream beside the one of the launches.</summary>
    internal AcceleratorStream CreateStream()
    {
        try
        {
            return Accelerator.CreateStream();
        }
        catch (AcceleratorException e)
        {
            throw DeviceLostException.Of(Device, e);
        }
    }

    /// <summary>A point on a stream that others wait for.</summary>
    internal StreamEvent CreateEvent()
    {
        try
        {
            return Device.Events?.Invoke() ?? StreamEvent.Of(Accelerator);
        }
        catch (AcceleratorException e)
        {
            throw DeviceLostException.Of(Device, e);
        }
    }
}
