using System.Collections.Concurrent;
using System.Reflection;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>What kernels read like for NVIDIA's devices of capability 8.0 and 9.0: those that read alike in C# are compiled once, for all models and all tests that look at the text or run it.</summary>
internal static class PtxTexts
{
    private const int KernelsOfCompiler = 50;
    private static readonly ConcurrentDictionary<string, Lazy<(string Ampere, string Hopper)>> s_texts = [];
    private static readonly Lock s_compiling = new();
    private static (PtxCompiler Ampere, PtxCompiler Hopper) s_compilers = New();
    private static int s_compiled;

    public static string Of(MethodInfo kernel) => Both(kernel).Ampere;

    public static (string Ampere, string Hopper) Both(MethodInfo kernel) => s_texts.GetOrAdd(KernelReading.Of(kernel), _ => new(() => Compile(kernel))).Value;

    private static (PtxCompiler Ampere, PtxCompiler Hopper) New() => (new(CudaArchitecture.SM_80), new(CudaArchitecture.SM_90));

    // In which order ILGPU copies registers depends on what it has compiled before, so both compilers get the same kernels.
    private static (string Ampere, string Hopper) Compile(MethodInfo kernel)
    {
        lock (s_compiling)
        {
            // ILGPU keeps all that it has compiled: other compilers now and then keep little of it.
            if (++s_compiled % KernelsOfCompiler == 0)
            {
                s_compilers.Ampere.Dispose();
                s_compilers.Hopper.Dispose();
                s_compilers = New();
            }

            return (s_compilers.Ampere.Compile(kernel), s_compilers.Hopper.Compile(kernel));
        }
    }
}
