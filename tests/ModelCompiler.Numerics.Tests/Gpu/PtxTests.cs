using ModelCompiler.Gpu;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Every kernel compiled for NVIDIA's devices, without one.</summary>
[Trait("suite", "gpu")]
public sealed class PtxTests
{
    public static TheoryData<string> Parts => new(GpuZoo.PtxParts);

    [Theory, MemberData(nameof(Parts))]
    public void Kernels_obey_the_rules_and_are_the_same_for_newer_devices(string part)
    {
        var broken = new List<string>();
        Assert.NotEmpty(GpuZoo.Distinct(part, GpuKind.Cuda));
        foreach (var (kernel, _) in GpuZoo.Distinct(part, GpuKind.Cuda))
        {
            var (ampere, hopper) = PtxTexts.Both(kernel);
            broken.AddRange(PtxRules.Broken(ampere).Select(b => $"{kernel.DeclaringType}.{kernel.Name} {b}"));
            Assert.Equal(ampere, hopper);
        }

        Assert.True(broken.Count == 0, string.Join("\n", broken));
    }

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
