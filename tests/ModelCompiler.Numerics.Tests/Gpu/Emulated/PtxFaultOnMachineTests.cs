using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu.Offline;
using ModelCompiler.Ptx;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Machine;

namespace ModelCompiler.Numerics.Tests;

/// <summary>ILGPU's moved reads of shared memory race on emulated PTX without the workaround, and give the sum with it.</summary>
[Trait("suite", "gpu")]
public sealed unsafe class PtxFaultOnMachineTests
{
    [Fact]
    public void Moved_reads_race() => Assert.Contains("a race", Assert.Throws<PtxException>(static () => Run(isMended: false)).Message);

    [Fact]
    public void Reads_that_stay_give_the_sum()
    {
        var results = Run(isMended: true);
        for (var thread = 0; thread < 64; thread++)
        {
            Assert.Equal(4 * (63 - thread) + (64 * 6), results[thread]);
        }
    }

    // Values are 0 to 255; four tiles of 64.
    private static float[] Run(bool isMended)
    {
        using var compiler = new PtxCompiler(CudaArchitecture.SM_80, isMended);
        var kernel = PtxKernel.Read(compiler.Compile(FaultProbes.Of(FaultProbes.Tiles)));
        float[] values = [.. Enumerable.Range(0, 256).Select(static i => (float)i)], results = new float[64];
        var memory = new GlobalMemory();
        fixed (float* v = values, r = results)
        {
            byte[] arguments =
            [
                .. BitConverter.GetBytes(memory.Add((nint)v, 0, 1024)), .. BitConverter.GetBytes(256L), .. BitConverter.GetBytes(memory.Add((nint)r, 0, 256)), .. BitConverter.GetBytes(64L),
                .. new byte[16], .. BitConverter.GetBytes(4), .. new byte[4],
            ];
            kernel.Launch(new Extent3(1), new Extent3(64), arguments, memory);
        }

        return results;
    }
}
