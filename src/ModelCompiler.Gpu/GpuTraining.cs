using ModelCompiler.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>What a model does on a device only when it trains. Its memory appears with the first training pass, so that a model that only predicts holds weights alone.</summary>
internal sealed class GpuTraining(GpuContext context, ModelDescription description, GpuArena weights) : IDisposable
{
    private readonly ParameterChunk[] _chunks = [.. GpuTrainingMemory.ChunksOf(description)];

    /// <summary>Null before the first training pass.</summary>
    public GpuTrainingMemory? Memory { get; private set; }

    public int ChunkCount => _chunks.Length;

    /// <summary>Bytes on the device once it trains.</summary>
    public long BytesOfTraining => GpuTrainingMemory.BytesFor(description, _chunks.Length);

    /// <summary>Bytes on the device now.</summary>
    public long Bytes => Memory is null ? 0 : BytesOfTraining;

    public ParameterMemory Gradients => new GpuParameterMemory(context, () => Live(Memory?.Gradients));

    // Until training starts an average, it is the weights.
    public ParameterMemory Average => new GpuParameterMemory(context, () => Memory?.Average ?? weights);

    public ParameterMemory State(int number) => new GpuParameterMemory(context, () => Live(Memory?.State), number * GpuEngine.Align(description.TrainableFloats));

    /// <exception cref="OutOfMemoryException">The device has no room; nothing of it stays.</exception>
    public GpuTrainingMemory Reserve()
    {
        if (Memory is null)
        {
            Memory = new GpuTrainingMemory(context, description, _chunks);
            ResetAverage();
        }

        return Memory;
    }

    /// <summary>Puts what differs from step to step where the launches of the next step read it.</summary>
    public void Set(StepNumbers numbers, double limit, int slot)
    {
        (numbers.Limit, numbers.Slot) = ((float)limit, slot);
        StepNumbers.Set(context, Reserve().Results.Numbers, numbers);
    }

    /// <summary>Decides whether the step is made and by which factor.</summary>
    public void Judge()
    {
        GradientNorm.SumsOfSquares(context, Memory!.Gradients.View, Memory.Chunks, Memory.Squares.View);
        Memory.Results.Judge(Memory.Squares.View);
    }

    public void SwapAverage()
    {
        if (Memory?.Average is { } average)
        {
            Exchange.Run(context, weights.View, average.View, description.TrainableFloats);
        }
    }

    public void ResetAverage()
    {
        if (Memory?.Average is { } average)
        {
            context.Copy(weights.View.SubView(0, average.View.Length), average.View);
        }
    }

    public void Dispose() => Memory?.Dispose();

    // What was never there is gone as well once the weights are.
    private GpuArena? Live(GpuArena? arena) => arena ?? (weights.IsDisposed ? weights : null);
}
