using System.Collections.Concurrent;
using System.Reflection;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Workarounds;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Every kernel as the OpenCL C that a driver is given.</summary>
[Trait("suite", "gpu")]
public sealed class OpenClSourceTests
{
    // Models have kernels in common that read alike: each is compiled once.
    private static readonly ConcurrentDictionary<string, Lazy<IReadOnlyList<string>>> s_broken = [];

    public static TheoryData<string> Parts => new(GpuZoo.Parts);

    [Theory, MemberData(nameof(Parts))]
    public void Kernels_obey_the_rules(string part)
    {
        var backend = ((CLAccelerator)OpenDevice.Of(GpuDevicesOfTests.OpenCl()).Accelerator).Backend;
        var broken =
            from kernel in GpuZoo.Distinct(part, GpuKind.OpenCl)
            from rule in s_broken.GetOrAdd(KernelReading.Of(kernel.Kernel), _ => new(() => Broken(backend, kernel.Kernel))).Value
            select $"{kernel.Kernel.DeclaringType}.{kernel.Kernel.Name} {rule}";
        Assert.Empty(broken);
        Assert.DoesNotContain(GpuZoo.Distinct(part, GpuKind.OpenCl), static k => IsOfNvidia(k.Kernel));
    }

    [Fact]
    public void Every_portable_kernel_of_the_library_is_looked_at() =>
        Assert.Empty(LibraryKernels.Portable.Except(LibraryKernels.Of(GpuZoo.Parts.SelectMany(static p => GpuZoo.Distinct(p, GpuKind.OpenCl)).Select(static k => k.Kernel))));

    [Fact]
    public void What_other_devices_do_not_have_is_seen()
    {
        var kernels = GpuZoo.Kernels("mixed precision", GpuKind.Cuda).Keys;
        Assert.Contains(kernels, static k => IsOfNvidia(k) && Types(k).Any(static t => t.Name.Contains("ByTensorCores", StringComparison.Ordinal)));
        Assert.Contains(kernels, static k => IsOfNvidia(k) && Types(k).Contains(typeof(ByWarps)));
    }

    private static IReadOnlyList<string> Broken(CLBackend backend, MethodInfo kernel) =>
        OpenClRules.Broken(MendedKernel.OpenCl(((CLCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), default)).Source));

    // Instructions of tensor cores and of warps; elsewhere they do nothing, or not the same.
    private static bool IsOfNvidia(MethodInfo kernel) => Types(kernel).Any(static t => t == typeof(ByWarps) || t.Name.StartsWith("Tensor", StringComparison.Ordinal)
        || t.Name.Contains("ByTensorCores", StringComparison.Ordinal) || t.IsAssignableTo(typeof(ITensorKind)));

    private static IEnumerable<Type> Types(MethodInfo kernel) => [.. Within(kernel.DeclaringType!), .. kernel.GetGenericArguments().SelectMany(Within)];

    private static IEnumerable<Type> Within(Type type) => [type, .. type.GetGenericArguments().SelectMany(Within)];
}
