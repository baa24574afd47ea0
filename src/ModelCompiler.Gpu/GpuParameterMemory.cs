using ILGPU;
using ModelCompiler.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>An arena of a device that appears with its first use; before that it reads as zeros. Reading waits for all launches.</summary>
/// <param name="start">Float of the arena that offset 0 stands for.</param>
internal sealed class GpuParameterMemory(GpuContext context, Func<GpuArena?> arena, long start = 0) : ParameterMemory
{
    public override void Read(long offset, Span<float> destination)
    {
        if (arena() is not { } memory)
        {
            destination.Clear();
            return;
        }

        context.Download(View(memory, offset, destination.Length), destination);
    }

    public override void Write(long offset, ReadOnlySpan<float> source)
    {
        var memory = arena() ?? throw new InvalidOperationException("This memory appears with the first training pass.");
        context.Upload(View(memory, offset, source.Length), source);
    }

    private ArrayView<float> View(GpuArena memory, long offset, int count)
    {
        ObjectDisposedException.ThrowIf(memory.IsDisposed, "model");
        return memory.View.SubView(start + offset, count);
    }
}
