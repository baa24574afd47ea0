using System.Runtime.InteropServices;

namespace ModelCompiler.Gpu;

/// <summary>Graphs of CUDA's driver, from version 11.4 on; ILGPU has no binding. The device's context must be current.</summary>
internal sealed partial class CudaGraphs : IGraphDriver
{
    // Calls of other threads do not spoil a capture.
    private const int ThreadLocal = 1;

    public int BeginCapture(nint stream) => BeginCapture(stream, ThreadLocal);

    public int EndCapture(nint stream, out nint graph) => End(stream, out graph);

    public int Instantiate(nint graph, out nint ready) => Instantiate(out ready, graph, 0);

    public int Launch(nint ready, nint stream) => LaunchReady(ready, stream);

    public void DestroyGraph(nint graph) => _ = Destroy(graph);

    public void DestroyReady(nint ready) => _ = DestroyExecutable(ready);

    [LibraryImport("cuda", EntryPoint = "cuStreamBeginCapture_v2")]
    private static partial int BeginCapture(nint stream, int mode);

    [LibraryImport("cuda", EntryPoint = "cuStreamEndCapture")]
    private static partial int End(nint stream, out nint graph);

    [LibraryImport("cuda", EntryPoint = "cuGraphInstantiateWithFlags")]
    private static partial int Instantiate(out nint ready, nint graph, ulong flags);

    [LibraryImport("cuda", EntryPoint = "cuGraphLaunch")]
    private static partial int LaunchReady(nint ready, nint stream);

    [LibraryImport("cuda", EntryPoint = "cuGraphDestroy")]
    private static partial int Destroy(nint graph);

    [LibraryImport("cuda", EntryPoint = "cuGraphExecDestroy")]
    private static partial int DestroyExecutable(nint ready);
}
