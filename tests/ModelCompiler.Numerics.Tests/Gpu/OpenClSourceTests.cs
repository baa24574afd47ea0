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
    public static TheoryData<string> Parts => new(GpuZoo.Parts);

    [Theory, MemberData(nameof(Parts))]
    public void Kernels_obey_the_rules(string part)
    {
        var backend = ((CLAccelerator)OpenDevice.Of(GpuDevicesOfTests.OpenCl()).Accelerator).Backend;
        var broken =
            from kernel in GpuZoo.Distinct(part, GpuKind.OpenCl)
            let compiled = (CLCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Kernel), default)
            from rule in OpenClRules.Broken(MendedKernel.OpenCl(compiled.Source))
            select $"{kernel.Kernel.DeclaringType}.{kernel.Kernel.Name} {rule}";
        Assert.Empty(broken);
    }
}
