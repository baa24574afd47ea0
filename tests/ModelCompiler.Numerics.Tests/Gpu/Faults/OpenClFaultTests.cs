using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Workarounds;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Faults of ILGPU that are worked around, in its OpenCL and on the way to drivers.</summary>
[Trait("suite", "gpu")]
public sealed class OpenClFaultTests
{
    [Fact]
    public void Barriers_order_global_memory_alone_and_have_a_name_of_version_2()
    {
        var source = Source(FaultProbes.Tiles);
        Fault.Exists(Regex.IsMatch(source, @"work_group_barrier \(\s*CLK_GLOBAL_MEM_FENCE\s*\)"), "Workarounds/OpenClBarriers.cs");
        Assert.Empty(OpenClRules.Broken(MendedKernel.OpenCl(source)));
    }

    [Fact]
    public void Products_of_unsigned_numbers_are_written_as_signed_ones()
    {
        var source = Source(FaultProbes.Unsigned);
        Fault.Exists(source.Contains("*  (long)3528531795", StringComparison.Ordinal), "Workarounds/UnsignedArithmetic.cs");
        Assert.Contains("*  (ulong)3528531795", UnsignedArithmetic.Mend(source));
    }

    [Fact]
    public void Devices_without_generic_addresses_are_refused()
    {
        _ = GpuDevicesOfTests.OpenCl();
        var lacking = 0;
        using var all = Context.Create().OpenCL(d =>
        {
            lacking += d.Capabilities.GenericAddressSpace ? 0 : 1;
            return false;
        }).ToContext();
        Assert.SkipUnless(lacking > 0, "every OpenCL device of this machine has generic addresses");
        using var usual = Context.Create().OpenCL().ToContext();
        Fault.Exists(usual.GetCLDevices().Count + lacking <= GpuDevices.Found.Devices.Count(static d => d.Kind == GpuKind.OpenCl), "Workarounds/GenericAddresses.cs");
    }

    [Fact]
    public void Drivers_are_asked_for_by_names_that_come_with_development_packages()
    {
        using var file = new PEReader(File.OpenRead(typeof(Context).Assembly.Location));
        var reader = file.GetMetadataReader();
        var libraries = Enumerable.Range(1, reader.GetTableRowCount(TableIndex.ModuleRef))
            .Select(row => reader.GetString(reader.GetModuleReference(MetadataTokens.ModuleReferenceHandle(row)).Name)).ToArray();
        Fault.Exists(libraries.Contains("cuda") && libraries.Contains("OpenCL"), "Workarounds/DriverLibrary.cs");
    }

    private static string Source(Action<FaultProbes.Arguments> kernel)
    {
        var accelerator = (CLAccelerator)OpenDevice.Of(GpuDevicesOfTests.OpenCl()).Accelerator;
        return ((CLCompiledKernel)accelerator.Backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(FaultProbes.Of(kernel)), default)).Source;
    }
}
