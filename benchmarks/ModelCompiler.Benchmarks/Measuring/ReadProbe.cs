using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Benchmarks.Measuring;

/// <summary>Reads more memory than any cache holds, on all threads: what a share of the bandwidth is a share of.</summary>
internal sealed unsafe class ReadProbe(int threads) : IDisposable
{
    /// <summary>What a sample reads.</summary>
    public const long Bytes = 512L << 20;

    private const int ChunkBytes = 1 << 20;

    private static float s_sink; // keeps the sums alive
    private readonly ThreadTeam _team = new(threads);
    private readonly float* _memory = Filled();

    /// <summary>The time of one reading.</summary>
    public Sample Take() => Sample.Of(() => _team.Run((int)(Bytes / ChunkBytes), &Chunk, _memory));

    public void Dispose()
    {
        _team.Dispose();
        NativeMemory.AlignedFree(_memory);
    }

    // Pages that were never written are all the same one.
    private static float* Filled()
    {
        var memory = (float*)NativeMemory.AlignedAlloc((nuint)Bytes, 64);
        new Span<float>(memory, (int)(Bytes / sizeof(float))).Fill(1f);
        return memory;
    }

    private static void Chunk(void* state, int chunk, int worker)
    {
        var from = (float*)state + (chunk * (long)(ChunkBytes / sizeof(float)));
        var (s0, s1, s2, s3) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        for (var i = 0; i < ChunkBytes / sizeof(float); i += 32)
        {
            s0 += Vector256.Load(from + i);
            s1 += Vector256.Load(from + i + 8);
            s2 += Vector256.Load(from + i + 16);
            s3 += Vector256.Load(from + i + 24);
        }

        s_sink = Vector256.Sum(s0 + s1 + s2 + s3);
    }
}
