using System.Reflection;
using ModelCompiler.Gpu;
using ModelCompiler.Models.Small;

namespace ModelCompiler.Numerics.Tests;

/// <summary>
/// The kernels that were emitted as rows of formulas for the models of models/, whatever their size and in whichever pass: read from what was compiled, since weights of published sizes
/// take gigabytes. Products are not among them, whose text is made of the library's and an epilogue.
/// </summary>
internal static class ZooRows
{
    private static readonly Lazy<IReadOnlyList<MethodInfo>> s_byWarps = new(static () => In(typeof(ByWarps))), s_byMemory = new(static () => In(typeof(ByMemory)));

    /// <summary>Their programs.</summary>
    public static IReadOnlyList<Type> Programs { get; } = [.. typeof(ShapesVit).Assembly.GetTypes().Where(static t => t.IsSubclassOf(typeof(GpuEngine)))];

    /// <summary>Of those that read alike one, in the form of a kind of device.</summary>
    public static IReadOnlyList<MethodInfo> Distinct(GpuKind kind) => kind == GpuKind.Cuda ? s_byWarps.Value : s_byMemory.Value;

    private static MethodInfo[] In(Type reduction) => [.. Programs.SelectMany(Of).Select(k => k.IsGenericMethodDefinition ? k.MakeGenericMethod(reduction) : k).DistinctBy(KernelReading.Of)];

    /// <summary>All of a program, generic ones without their arguments.</summary>
    public static IEnumerable<MethodInfo> Of(Type program) => program.GetNestedTypes(BindingFlags.NonPublic)
        .SelectMany(static t => t.GetMethods(BindingFlags.NonPublic | BindingFlags.Static).Where(static m => m.Name == "Body"));
}
