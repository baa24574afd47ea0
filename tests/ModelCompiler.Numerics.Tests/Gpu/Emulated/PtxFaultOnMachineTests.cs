using ILGPU.Runtime.Cuda;
using ModelCompiler.Gpu.Offline;
using ModelCompiler.Ptx;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Machine;

namespace ModelCompiler.Numerics.Tests;

/// <summary>ILGPU's faults on emulated PTX: without the workarounds kernels do what is forbidden or left open, with them they give the sums.</summary>
[Trait("suite", "gpu")]
public sealed unsafe class PtxFaultOnMachineTests
{
    // Four tiles of 64, and numbers whose signs change from thread to thread.
    private static readonly float[] s_ascending = [.. Enumerable.Range(0, 256).Select(static i => (float)i)], s_alternating = [.. s_ascending.Select(static v => v % 2 == 0 ? -v : v)];

    [Fact]
    public void Moved_reads_race() => Assert.Contains("a race", Assert.Throws<PtxException>(static () => Run(FaultProbes.Tiles, s_ascending, isMended: false)).Message);

    [Fact]
    public void Reads_that_stay_give_the_sum()
    {
        var results = Run(FaultProbes.Tiles, s_ascending, isMended: true);
        for (var thread = 0; thread < 64; thread++)
        {
            Assert.Equal(4 * (63 - thread) + (64 * 6), results[thread]);
        }
    }

    [Fact]
    public void Threads_part_at_a_branch_that_is_marked_as_uniform() =>
        Assert.Contains("which says that all go one way", Assert.Throws<PtxException>(static () => Run(FaultProbes.Merged, s_alternating, isMended: false)).Message);

    [Fact]
    public void Without_the_mark_each_thread_goes_as_far_as_its_if_has_said()
    {
        var results = Run(FaultProbes.Merged, s_alternating, isMended: true);
        for (var thread = 0; thread < 64; thread++)
        {
            Assert.Equal(s_alternating.Take(s_alternating[thread] > 0 ? 7 : 3).Sum(), results[thread]);
        }
    }

    private static float[] Run(Action<FaultProbes.Arguments> probe, float[] values, bool isMended)
    {
        using var compiler = new PtxCompiler(CudaArchitecture.SM_80, isMended);
        var kernel = PtxKernel.Read(compiler.Compile(FaultProbes.Of(probe)));
        var results = new float[64];
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
