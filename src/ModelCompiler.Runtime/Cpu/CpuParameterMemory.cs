namespace ModelCompiler.Runtime.Cpu;

/// <summary>An arena that appears with its first use; before that it reads as zeros.</summary>
/// <param name="start">Float of the arena that offset 0 stands for.</param>
internal sealed unsafe class CpuParameterMemory(Func<Arena?> arena, long start = 0) : ParameterMemory
{
    public override void Read(long offset, Span<float> destination)
    {
        if (arena() is not { } memory)
        {
            destination.Clear();
            return;
        }

        new ReadOnlySpan<float>(Pointer(memory) + start + offset, destination.Length).CopyTo(destination);
        GC.KeepAlive(memory);
    }

    public override void Write(long offset, ReadOnlySpan<float> source)
    {
        var memory = arena() ?? throw new InvalidOperationException("This memory appears with the first training pass.");
        source.CopyTo(new Span<float>(Pointer(memory) + start + offset, source.Length));
        GC.KeepAlive(memory);
    }

    private static float* Pointer(Arena memory) =>
        memory.Pointer is not null ? (float*)memory.Pointer : throw new ObjectDisposedException("model");
}
