using ILGPU;
using ILGPU.Runtime;
using ModelCompiler.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>What only training needs on a device: gradients, the optimizer's state, the average, the list of chunks, and results of steps.</summary>
internal sealed class GpuTrainingMemory : IDisposable
{
    private readonly MemoryBuffer1D<ParameterChunk, Stride1D.Dense> _chunks;

    /// <exception cref="OutOfMemoryException">The device has no room; nothing of it stays.</exception>
    public GpuTrainingMemory(GpuContext context, ModelDescription description, ParameterChunk[] chunks)
    {
        try
        {
            Gradients = new GpuArena(context, description.TrainableFloats * sizeof(float));
            State = new GpuArena(context, GpuEngine.Align(description.TrainableFloats) * sizeof(float) * description.State.Length);
            Average = description.HasAverage ? new GpuArena(context, description.TrainableFloats * sizeof(float)) : null;
            Squares = new GpuArena(context, chunks.Length * sizeof(float));
            Results = new StepResults(context);
            _chunks = context.Accelerator.Allocate1D(chunks);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public GpuArena Gradients { get; }

    public GpuArena State { get; }

    /// <summary>Null: the model keeps none.</summary>
    public GpuArena? Average { get; }

    /// <summary>A sum of squares for each chunk.</summary>
    public GpuArena Squares { get; }

    public StepResults Results { get; }

    public ArrayView<ParameterChunk> Chunks => _chunks.View;

    /// <summary>Bytes that the memory takes, whether it is there or not.</summary>
    public static unsafe long BytesFor(ModelDescription description, int chunks) => (description.TrainableFloats * sizeof(float) * (description.HasAverage ? 2 : 1))
        + (GpuEngine.Align(description.TrainableFloats) * sizeof(float) * description.State.Length)
        + (chunks * (long)(sizeof(ParameterChunk) + sizeof(float))) + StepResults.Bytes;

    /// <summary>The pieces in which the optimizer goes through the parameters that train.</summary>
    public static IEnumerable<ParameterChunk> ChunksOf(ModelDescription description) => description.Parameters
        .Where(static p => p.Role == ParameterRole.Trained)
        .SelectMany(static p => Enumerable.Range(0, (p.Count + Runtime.Cpu.Schedule.ElementChunk - 1) / Runtime.Cpu.Schedule.ElementChunk).Select(i => new ParameterChunk
        {
            Offset = checked((int)p.Offset + (i * Runtime.Cpu.Schedule.ElementChunk)),
            Count = Math.Min(Runtime.Cpu.Schedule.ElementChunk, p.Count - (i * Runtime.Cpu.Schedule.ElementChunk)),
            Decays = p.Decays ? 1 : 0,
        }));

    public void Dispose()
    {
        Gradients?.Dispose();
        State?.Dispose();
        Average?.Dispose();
        Squares?.Dispose();
        Results?.Dispose();
        _chunks?.Dispose();
    }
}
