using System.Reflection;
using ModelCompiler.Gpu;

namespace ModelCompiler.Numerics.Tests;

/// <summary>The kernels that the library launches by name, as its C# says; and which of them tests have looked at.</summary>
internal static class LibraryKernels
{
    private static readonly string[] s_launched = [.. RuntimeSources.All.SelectMany(static f => SourceRules.Launched(f.Text)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Those that OpenCL gets too: no tensor cores there, for which matrices are rounded before.</summary>
    public static IEnumerable<string> Portable => s_launched.Where(static k => !k.Contains("ByTensorCores", StringComparison.Ordinal) && !k.StartsWith(nameof(RoundedCopy), StringComparison.Ordinal));

    public static IReadOnlyList<string> All => s_launched;

    /// <summary>Names as those of <see cref="All"/>.</summary>
    public static IEnumerable<string> Of(IEnumerable<MethodInfo> kernels) => kernels.Select(static k => $"{k.DeclaringType!.Name.Split('`')[0]}.{k.Name}");
}
