using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU.Backends;
using ILGPU.Backends.PTX;

namespace ModelCompiler.Gpu.Workarounds;

/// <summary>
/// ILGPU 1.5.3 marks branches as uniform that are not: those on values that an if has merged, and on what atomics and calls return. PTX leaves
/// open what such a branch does when threads differ, and ptxas does not unroll loops with them. The mark is taken off.
/// </summary>
internal static partial class UniformBranches
{
    private static readonly FieldInfo s_assembly =
        typeof(PTXCompiledKernel).GetField("<PTXAssembly>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new MissingFieldException(nameof(PTXCompiledKernel), "PTXAssembly");

    public static string Remove(string ptx) => Mark().Replace(ptx, "$1");

    /// <summary>Takes the mark off a compiled kernel, before it is loaded.</summary>
    public static CompiledKernel Remove(PTXCompiledKernel kernel)
    {
        s_assembly.SetValue(kernel, Remove(kernel.PTXAssembly));
        return kernel;
    }

    [GeneratedRegex(@"\b(bra|brx\.idx|call)\.uni\b")]
    private static partial Regex Mark();
}
