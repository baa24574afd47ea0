using System.Collections.Concurrent;
using System.Reflection;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;
using ModelCompiler.Ptx;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Machine;

namespace ModelCompiler.Numerics.Tests;

/// <summary>A CUDA device that this machine plays: launches run the PTX that a driver would get, at once and in the host's memory.</summary>
internal sealed class PtxEmulator : ILaunches
{
    private const int KernelsOfCompiler = 50;
    private static readonly ConcurrentDictionary<MethodInfo, Lazy<PtxKernel>> s_kernels = [];
    private static readonly Lock s_compiling = new();
    private readonly Lock _adding = new();
    private static PtxCompiler s_compiler = new(CudaArchitecture.SM_80);
    private static int s_compiled;

    /// <summary>The device.</summary>
    public static GpuDevice Device { get; } = GpuDevice.Absent(GpuKind.Cuda, new PtxEmulator());

    /// <summary>What the launches did so far.</summary>
    public PtxWork Work { get; private set; }

    public void Add<T>(MethodInfo kernel, int groups, int threads, in T arguments)
        where T : struct
    {
        var memory = new GlobalMemory();
        var work = s_kernels.GetOrAdd(kernel, static k => new(() => Compile(k))).Value.Launch(new Extent3(groups), new Extent3(threads), KernelArguments.Of(arguments, memory), memory);
        lock (_adding)
        {
            Work += work;
        }
    }

    private static PtxKernel Compile(MethodInfo kernel)
    {
        lock (s_compiling)
        {
            // ILGPU keeps all that it has compiled: another compiler now and then keeps little of it.
            if (++s_compiled % KernelsOfCompiler == 0)
            {
                s_compiler.Dispose();
                s_compiler = new(CudaArchitecture.SM_80);
            }

            return PtxKernel.Read(s_compiler.Compile(kernel));
        }
    }
}
