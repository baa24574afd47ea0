using System.Text.RegularExpressions;

namespace ModelCompiler.Gpu.Workarounds;

/// <summary>
/// ILGPU 1.5.3 marks branches as uniform that are not: those on values that an if has merged, and on what atomics and calls return. PTX leaves
/// open what such a branch does when threads differ, and ptxas does not unroll loops with them. The mark is taken off.
/// </summary>
internal static partial class UniformBranches
{
    public static string Remove(string ptx) => Mark().Replace(ptx, "$1");

    [GeneratedRegex(@"\b(bra|brx\.idx|call)\.uni\b")]
    private static partial Regex Mark();
}
