using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu;
using ModelCompiler.Gpu.Offline;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Every kernel compiled for NVIDIA's devices, without one.</summary>
[Trait("suite", "gpu")]
public sealed class PtxTests
{
    public static TheoryData<string> Parts => new(GpuZoo.Parts);

    // Keys by tiles reads places there, which are written once, before its loop.
    [Theory, MemberData(nameof(Parts))]
    public void Kernels_obey_the_rules(string part)
    {
        using var compiler = new PtxCompiler(CudaArchitecture.SM_80);
        var broken = GpuZoo.Distinct(part, GpuKind.Cuda).SelectMany(k => PtxRules.Broken(compiler.Compile(k.Kernel)).Where(b => !(k.Kernel.Name == "Keys" && b.StartsWith("reads shared memory behind", StringComparison.Ordinal))).Select(b => $"{k.Kernel.DeclaringType}.{k.Kernel.Name} {b}")).ToArray();
        Assert.True(broken.Length == 0, string.Join("\n", broken));
    }

    // What is looked at for one architecture holds for the other.
    [Theory, InlineData("GPT-2's width"), InlineData("ViT's width")]
    public void Newer_devices_get_the_same_text(string part)
    {
        using var ampere = new PtxCompiler(CudaArchitecture.SM_80);
        using var hopper = new PtxCompiler(CudaArchitecture.SM_90);
        Assert.All(GpuZoo.Distinct(part, GpuKind.Cuda), k => Assert.Equal(ampere.Compile(k.Kernel), hopper.Compile(k.Kernel)));
    }

    [Theory, MemberData(nameof(Parts))]
    public void Threads_have_registers_for_what_they_hold(string part)
    {
        using var assembler = PtxAssembler.Find();
        using var compiler = new PtxCompiler(CudaArchitecture.SM_80);
        var broken = new List<string>();
        foreach (var (kernel, threads) in GpuZoo.Distinct(part, GpuKind.Cuda))
        {
            var ptx = compiler.Compile(kernel);
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
