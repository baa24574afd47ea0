using System.Reflection;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;
using ModelCompiler.Ptx;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Machine;

namespace ModelCompiler.Numerics.Tests;

/// <summary>A CUDA device that this machine plays: launches run the PTX that a driver would get, at once and in the host's memory.</summary>
internal sealed class PtxEmulator : ILaunches
{
    // A decoded kernel takes megabytes, and most belong to one test alone.
    private const int Most = 200;
    private static readonly Dictionary<MethodInfo, Lazy<PtxKernel>> s_kernels = [];
    private static readonly Queue<MethodInfo> s_order = [];
    private readonly Lock _adding = new();

    /// <summary>The device.</summary>
    public static GpuDevice Device { get; } = GpuDevice.Absent(GpuKind.Cuda, new PtxEmulator());

    /// <summary>What the launches did so far.</summary>
    public PtxWork Work { get; private set; }

    public void Add<T>(MethodInfo kernel, int groups, int threads, int sharedBytes, in T arguments)
        where T : struct
    {
        var memory = new GlobalMemory();
        var work = Decoded(kernel).Launch(new Extent3(groups), new Extent3(threads), KernelArguments.Of(arguments, memory), memory, sharedBytes);
        lock (_adding)
        {
            Work += work;
        }
    }

    private static PtxKernel Decoded(MethodInfo kernel)
    {
        Lazy<PtxKernel>? decoded;
        lock (s_kernels)
        {
            if (!s_kernels.TryGetValue(kernel, out decoded))
            {
                s_kernels.Add(kernel, decoded = new(() => PtxKernel.Read(PtxTexts.Of(kernel))));
                s_order.Enqueue(kernel);
                if (s_order.Count > Most)
                {
                    s_kernels.Remove(s_order.Dequeue());
                }
            }
        }

        return decoded.Value;
    }
}
