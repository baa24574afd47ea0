using System.Reflection;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;

namespace ModelCompiler.Gpu.Workarounds;

/// <summary>Puts the text with all faults worked around into a compiled kernel, before a driver sees it.</summary>
internal static class MendedKernel
{
    private static readonly PropertyInfo s_entryPoint =
        typeof(CompiledKernel).GetProperty("EntryPoint", BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new MissingMemberException(nameof(CompiledKernel), "EntryPoint");

    private static readonly FieldInfo s_assembly =
        typeof(PTXCompiledKernel).GetField("<PTXAssembly>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new MissingFieldException(nameof(PTXCompiledKernel), "PTXAssembly");

    public static string Ptx(string text) => StableNames.Renumber(UniformBranches.Remove(text));

    public static string OpenCl(string source) => StableNames.Renumber(UnsignedArithmetic.Mend(OpenClBarriers.Mend(source)));

    public static CompiledKernel Of(PTXCompiledKernel kernel)
    {
        s_assembly.SetValue(kernel, Ptx(kernel.PTXAssembly));
        return kernel;
    }

    public static CompiledKernel Of(CLCompiledKernel kernel) =>
        new CLCompiledKernel(kernel.Context, (SeparateViewEntryPoint)s_entryPoint.GetValue(kernel)!, kernel.Info, OpenCl(kernel.Source), kernel.CVersion);
}
