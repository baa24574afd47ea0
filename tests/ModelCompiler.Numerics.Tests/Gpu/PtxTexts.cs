using System.Collections.Concurrent;
using System.Reflection;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>What kernels read like for NVIDIA's devices of capability 8.0: compiled once for the tests that look at the text and for those that run it.</summary>
internal static class PtxTexts
{
    private const int KernelsOfCompiler = 50;
    private static readonly ConcurrentDictionary<MethodInfo, Lazy<string>> s_texts = [];
    private static readonly Lock s_compiling = new();
    private static PtxCompiler s_compiler = new(CudaArchitecture.SM_80);
    private static int s_compiled;

    public static string Of(MethodInfo kernel) => s_texts.GetOrAdd(kernel, static k => new(() => Compile(k))).Value;

    private static string Compile(MethodInfo kernel)
    {
        lock (s_compiling)
        {
            // ILGPU keeps all that it has compiled: another compiler now and then keeps little of it.
            if (++s_compiled % KernelsOfCompiler == 0)
            {
                s_compiler.Dispose();
                s_compiler = new(CudaArchitecture.SM_80);
            }

            return s_compiler.Compile(kernel);
        }
    }
}
