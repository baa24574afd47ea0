using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Faults of ILGPU that are worked around, in its PTX: they are there without the workaround, and gone with it.</summary>
[Trait("suite", "gpu")]
public sealed partial class PtxFaultTests
{
    [Fact]
    public void Code_placement_moves_reads_of_shared_memory_behind_barriers()
    {
        Fault.Exists(PtxRules.ReadsBehindLastBarrier(Ptx(FaultProbes.Tiles, false)), "Workarounds/CodePlacementPass.cs");
        Assert.False(PtxRules.ReadsBehindLastBarrier(Ptx(FaultProbes.Tiles, true)));
    }

    [Fact]
    public void Branches_on_what_an_if_has_merged_are_marked_as_uniform()
    {
        Fault.Exists(Regex.IsMatch(Ptx(FaultProbes.Merged, false), @"@!?%p\d+ bra\.uni"), "Workarounds/UniformBranches.cs");
        Assert.DoesNotContain(".uni", Ptx(FaultProbes.Merged, true));
    }

    [Fact]
    public void Names_depend_on_what_was_compiled_before()
    {
        Fault.Exists(Behind(FaultProbes.Tiles, false) != Behind(FaultProbes.Division, false), "Workarounds/StableNames.cs");
        Assert.Equal(Behind(FaultProbes.Tiles, true), Behind(FaultProbes.Division, true));

        // What a kernel reads like when another one was compiled before it.
        static string Behind(Action<FaultProbes.Arguments> first, bool isMended)
        {
            using var compiler = new PtxCompiler(CudaArchitecture.SM_80, isMended);
            compiler.Compile(first.Method);
            return compiler.Compile(FaultProbes.Of(FaultProbes.Merged));
        }
    }

    [Fact]
    public void A_division_by_a_power_of_two_is_an_arithmetic_shift()
    {
        var ptx = Ptx(FaultProbes.Division, false);
        Fault.Exists(ptx.Contains("shr.s32", StringComparison.Ordinal) && !Regex.IsMatch(ptx, @"setp|selp|div|, 31;"), "the shifts of Emit/Gpu/FormulaPrinter.cs and the rule of SourceRules");
    }

    [Fact]
    public void Sums_with_constants_are_reassociated() => Fault.Exists(!Ptx(FaultProbes.Reassociation, false).Contains("0f4CBEBC20", StringComparison.Ordinal),
        "the rounding in DeviceFloat.Round, which the CPU does by a sum with a great constant");

    [Fact]
    public void No_text_is_for_more_than_capability_8_0()
    {
        using var compiler = new PtxCompiler(CudaArchitecture.SM_90);
        Fault.Exists(Target().IsMatch(compiler.Compile(FaultProbes.Of(FaultProbes.Division))), "the limit of TensorCore to instructions of capability 8.0");
    }

    [Fact]
    public void Nothing_asks_the_driver_for_shared_memory_beyond_48_KB()
    {
        string[] calls = [.. typeof(CudaAPI).GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Select(static m => m.Name)];
        Assert.Contains(calls, static c => c.Contains("LaunchKernel", StringComparison.Ordinal)); // where calls of the driver are
        Fault.Exists(!Array.Exists(calls, static c => c.Contains("FuncSetAttribute", StringComparison.Ordinal)), "Workarounds/LargeSharedMemory.cs");
    }

    [Fact]
    public void CuBLAS_13_has_no_name()
    {
        var versions = Enum.GetNames(Assembly.Load("ILGPU.Algorithms").GetTypes().Single(static t => t.Name == "CuBlasAPIVersion"));
        Assert.Contains("V12", versions);
        Fault.Exists(!versions.Contains("V13"), "the names in Cublas/CublasLoader.cs");
    }

    [GeneratedRegex(@"^\.target sm_80\s*$", RegexOptions.Multiline)]
    private static partial Regex Target();

    private static string Ptx(Action<FaultProbes.Arguments> kernel, bool isMended)
    {
        using var compiler = new PtxCompiler(CudaArchitecture.SM_80, isMended);
        return compiler.Compile(FaultProbes.Of(kernel));
    }
}
