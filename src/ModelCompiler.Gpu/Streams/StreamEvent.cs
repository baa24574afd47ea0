using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace ModelCompiler.Gpu;

/// <summary>A point on a stream that another stream, or the host, can wait for. ILGPU has none that streams wait for: its markers make the host wait.</summary>
internal abstract class StreamEvent : IDisposable
{
    public static StreamEvent Of(Accelerator accelerator) => accelerator switch
    {
        CudaAccelerator => new CudaEvent(accelerator),
        CLAccelerator => new OpenClEvent(),
        _ => new PastEvent(),
    };

    /// <summary>The point is behind all that is on the stream now.</summary>
    public abstract void Record(AcceleratorStream stream);

    /// <summary>What is put on the stream from now on waits for the point, if there is one.</summary>
    public abstract void Delay(AcceleratorStream stream);

    /// <summary>Waits for the point, if there is one.</summary>
    public abstract void Wait();

    public abstract void Dispose();

    // The simulator has done everything when a call returns.
    private sealed class PastEvent : StreamEvent
    {
        public override void Record(AcceleratorStream stream)
        {
        }

        public override void Delay(AcceleratorStream stream)
        {
        }

        public override void Wait()
        {
        }

        public override void Dispose()
        {
        }
    }
}
