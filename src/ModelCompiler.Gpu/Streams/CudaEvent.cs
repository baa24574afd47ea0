using System.Runtime.InteropServices;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace ModelCompiler.Gpu;

/// <summary>An event of CUDA's driver.</summary>
internal sealed partial class CudaEvent : StreamEvent
{
    private const uint WithoutTiming = 2;
    private readonly Accelerator _accelerator;
    private nint _event;

    public CudaEvent(Accelerator accelerator)
    {
        _accelerator = accelerator;
        using var binding = accelerator.BindScoped();
        Check(Create(out _event, WithoutTiming));
    }

    public override void Record(AcceleratorStream stream)
    {
        using var binding = _accelerator.BindScoped();
        Check(Record(_event, ((CudaStream)stream).StreamPtr));
    }

    public override void Delay(AcceleratorStream stream)
    {
        using var binding = _accelerator.BindScoped();
        Check(Delay(((CudaStream)stream).StreamPtr, _event, 0));
    }

    public override void Wait()
    {
        using var binding = _accelerator.BindScoped();
        Check(Synchronize(_event));
    }

    public override void Dispose()
    {
        if (_event != 0)
        {
            using var binding = _accelerator.BindScoped();
            _ = Destroy(_event);
            _event = 0;
        }
    }

    private static void Check(CudaError result) => CudaException.ThrowIfFailed(result);

    [LibraryImport("cuda", EntryPoint = "cuEventCreate")]
    private static partial CudaError Create(out nint created, uint flags);

    [LibraryImport("cuda", EntryPoint = "cuEventRecord")]
    private static partial CudaError Record(nint recorded, nint stream);

    [LibraryImport("cuda", EntryPoint = "cuStreamWaitEvent")]
    private static partial CudaError Delay(nint stream, nint awaited, uint flags);

    [LibraryImport("cuda", EntryPoint = "cuEventSynchronize")]
    private static partial CudaError Synchronize(nint awaited);

    [LibraryImport("cuda", EntryPoint = "cuEventDestroy_v2")]
    private static partial CudaError Destroy(nint destroyed);
}
