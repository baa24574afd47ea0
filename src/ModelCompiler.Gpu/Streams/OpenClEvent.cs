using System.Runtime.InteropServices;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace ModelCompiler.Gpu;

/// <summary>A marker on an OpenCL queue; the driver makes a new one each time.</summary>
internal sealed unsafe partial class OpenClEvent : StreamEvent
{
    private nint _event;

    public override void Record(AcceleratorStream stream)
    {
        Dispose();
        var queue = ((CLStream)stream).CommandQueue;
        nint marker;
        Check(Mark(queue, 0, null, &marker));
        _event = marker;

        // A queue waits only for what another has handed to the device.
        Check(Flush(queue));
    }

    public override void Delay(AcceleratorStream stream)
    {
        if (_event != 0)
        {
            var awaited = _event;
            Check(Barrier(((CLStream)stream).CommandQueue, 1, &awaited, null));
        }
    }

    public override void Wait()
    {
        if (_event != 0)
        {
            var awaited = _event;
            Check(Wait(1, &awaited));
        }
    }

    public override void Dispose()
    {
        if (_event != 0)
        {
            _ = Release(_event);
            _event = 0;
        }
    }

    private static void Check(CLError result) => CLException.ThrowIfFailed(result);

    [LibraryImport("OpenCL", EntryPoint = "clEnqueueMarkerWithWaitList")]
    private static partial CLError Mark(nint queue, uint count, nint* awaited, nint* marker);

    [LibraryImport("OpenCL", EntryPoint = "clEnqueueBarrierWithWaitList")]
    private static partial CLError Barrier(nint queue, uint count, nint* awaited, nint* marker);

    [LibraryImport("OpenCL", EntryPoint = "clWaitForEvents")]
    private static partial CLError Wait(uint count, nint* awaited);

    [LibraryImport("OpenCL", EntryPoint = "clFlush")]
    private static partial CLError Flush(nint queue);

    [LibraryImport("OpenCL", EntryPoint = "clReleaseEvent")]
    private static partial CLError Release(nint released);
}
