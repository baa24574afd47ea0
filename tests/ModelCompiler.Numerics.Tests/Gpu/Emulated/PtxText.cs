using ModelCompiler.Ptx;
using ModelCompiler.Ptx.Decoding;
using ModelCompiler.Ptx.Machine;

namespace ModelCompiler.Numerics.Tests;

/// <summary>Kernels that tests write by hand: their parameters are the addresses of an array that they read and of one that they write.</summary>
internal static unsafe class PtxText
{
    /// <summary>Runs a group, or several; %rd1 and %rd2 are the addresses, %r0 is the thread.</summary>
    public static uint[] Run(string body, int threads, uint[] input, int outputs, int groups = 1)
    {
        var kernel = PtxKernel.Read($$"""
            .version 8.0
            .target sm_80
            .address_size 64
            .visible .entry Kernel(.param .b64 a, .param .b64 b)
            {
                .reg .pred %p<16>;
                .reg .b16 %rs<16>;
                .reg .b32 %r<64>;
                .reg .f32 %f<64>;
                .reg .b64 %rd<16>;
                .shared .align 16 .b8 s[1024];
                ld.param.b64 %rd1, [a];
                ld.param.b64 %rd2, [b];
                mov.u32 %r0, %tid.x;
                mul.wide.u32 %rd3, %r0, 4;
                add.u64 %rd4, %rd1, %rd3;
                add.u64 %rd5, %rd2, %rd3;
                mov.u64 %rd6, s;
                add.u64 %rd7, %rd6, %rd3;
                {{body}}
                ret;
            }
            """);
        var output = new uint[outputs];
        var memory = new GlobalMemory();
        fixed (uint* i = input, o = output)
        {
            kernel.Launch(new Extent3(groups), new Extent3(threads), [.. BitConverter.GetBytes(memory.Add((nint)i, 0, 4L * input.Length)), .. BitConverter.GetBytes(memory.Add((nint)o, 0, 4L * outputs))], memory);
        }

        return output;
    }
}
