namespace ModelCompiler.Gpu.Workarounds;

/// <summary>
/// ILGPU's barrier orders global memory alone, although what kernels exchange between barriers is in local memory; and it has the name of
/// OpenCL 2.0, which devices of version 1.2 lack. The source is rewritten.
/// </summary>
internal static class OpenClBarriers
{
    public static string Mend(string source) => source
        .Replace("CLK_GLOBAL_MEM_FENCE", "CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE", StringComparison.Ordinal)
        .Replace("work_group_barrier (", "barrier (", StringComparison.Ordinal);
}
