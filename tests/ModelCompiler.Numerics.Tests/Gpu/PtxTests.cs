using System.Collections.Concurrent;
using System.Reflection;
using ModelCompiler.Gpu;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Every kernel compiled for NVIDIA's devices, without one.</summary>
[Trait("suite", "gpu")]
public sealed class PtxTests
{
    private static readonly ConcurrentDictionary<(string Ptx, bool HasQuads), IReadOnlyList<string>> s_broken = [];

    public static TheoryData<string> Parts => new(GpuZoo.PtxParts);

    [Theory, MemberData(nameof(Parts))]
    public void Kernels_obey_the_rules_and_are_the_same_for_newer_devices(string part)
    {
        var broken = new List<string>();
        Assert.NotEmpty(GpuZoo.Distinct(part, GpuKind.Cuda));
        foreach (var (kernel, _) in GpuZoo.Distinct(part, GpuKind.Cuda))
        {
            var (ampere, hopper) = PtxTexts.Both(kernel);
            broken.AddRange(s_broken.GetOrAdd((ampere, HasQuads(kernel)), static k => PtxRules.Broken(k.Ptx, k.HasQuads)).Select(b => $"{kernel.DeclaringType}.{kernel.Name} {b}"));
            Assert.Equal(ampere, hopper);
        }

        Assert.True(broken.Count == 0, string.Join("\n", broken));
    }

    [Fact]
    public void Every_kernel_of_the_library_is_looked_at() =>
        Assert.Empty(LibraryKernels.All.Except(LibraryKernels.Of(GpuZoo.PtxParts.SelectMany(static p => GpuZoo.Distinct(p, GpuKind.Cuda)).Select(static k => k.Kernel))));

    [Fact]
    public void Some_kernels_read_four_floats_at_once() => Assert.Contains(GpuZoo.Distinct("GPT-2's width", GpuKind.Cuda), static k => HasQuads(k.Kernel));

    private static bool HasQuads(MethodInfo kernel) => kernel.DeclaringType!.GetGenericArguments().Concat(kernel.GetGenericArguments()).Contains(typeof(QuadMatrix));

    [Theory, MemberData(nameof(Parts))]
    public void Threads_have_registers_for_what_they_hold(string part)
    {
        using var assembler = PtxAssembler.Find();
        var broken = new List<string>();
        foreach (var (kernel, threads) in GpuZoo.Distinct(part, GpuKind.Cuda))
        {
            var ptx = PtxTexts.Of(kernel);
            foreach (var architecture in new[] { "sm_80", "sm_90" })
            {
                var (registers, stack) = assembler.Assemble(ptx, architecture);
                if (stack > 0 || registers * threads > PtxAssembler.RegistersOfGroup)
                {
                    broken.Add($"{kernel.DeclaringType}.{kernel.Name} for {architecture}: {registers} registers, {threads} threads, {stack} bytes of stack");
                }
            }
        }

        Assert.True(broken.Count == 0, string.Join("\n", broken));
    }
}
