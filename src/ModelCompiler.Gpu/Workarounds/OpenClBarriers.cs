using System.Reflection;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;

namespace ModelCompiler.Gpu.Workarounds;

/// <summary>
/// ILGPU's barrier orders global memory alone, although what kernels exchange between barriers is in local memory; and it has the name of
/// OpenCL 2.0, which devices of version 1.2 lack. The source is rewritten before the driver sees it.
/// </summary>
internal static class OpenClBarriers
{
    private static readonly PropertyInfo s_entryPoint =
        typeof(CompiledKernel).GetProperty("EntryPoint", BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new MissingMemberException(nameof(CompiledKernel), "EntryPoint");

    public static string Mend(string source) => source
        .Replace("CLK_GLOBAL_MEM_FENCE", "CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE", StringComparison.Ordinal)
        .Replace("work_group_barrier (", "barrier (", StringComparison.Ordinal);

    public static CompiledKernel Mend(CLCompiledKernel kernel) =>
        new CLCompiledKernel(kernel.Context, (SeparateViewEntryPoint)s_entryPoint.GetValue(kernel)!, kernel.Info, Mend(kernel.Source), kernel.CVersion);
}
