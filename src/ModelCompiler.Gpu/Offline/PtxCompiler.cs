using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu.Workarounds;

namespace ModelCompiler.Gpu.Offline;

/// <summary>Compiles kernels for NVIDIA's devices where there is none: the text that a driver would be given.</summary>
internal sealed class PtxCompiler : IDisposable
{
    private readonly Context _context = Context.Create().Optimize(OptimizationLevel.O2).EnableAlgorithms().ToContext();
    private readonly PTXBackend _backend;
    private readonly bool _isMended;

    /// <param name="isMended">Whether ILGPU's faults are worked around, as they are when a kernel is loaded.</param>
    public PtxCompiler(CudaArchitecture architecture, bool isMended = true)
    {
        _isMended = isMended;
        TensorCore.Register(_context);
        _backend = new PTXBackend(_context, architecture, CudaInstructionSet.ISA_80, nvvmAPI: null!);
        if (isMended)
        {
            CodePlacementPass.Remove(_backend);
        }
    }

    /// <param name="kernel">A static method of one struct. One that does not compile leaves the compiler unusable.</param>
    /// <exception cref="Exception">ILGPU refuses it: what of it, and why, is in the inner exception.</exception>
    public string Compile(MethodInfo kernel)
    {
        var ptx = ((PTXCompiledKernel)_backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), default)).PTXAssembly;
        return _isMended ? MendedKernel.Ptx(ptx) : ptx;
    }

    public void Dispose()
    {
        _backend.Dispose();
        _context.Dispose();
    }
}
