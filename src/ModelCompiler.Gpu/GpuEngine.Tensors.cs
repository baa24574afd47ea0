using ILGPU;

namespace ModelCompiler.Gpu;

// Where the launches of emitted programs find what they read and write.
public abstract partial class GpuEngine
{
    protected ArrayView<float> WeightArena => _weights.View;

    protected ArrayView<float> GradientArena => Training.Gradients.View;

    protected ArrayView<float> AverageArena => Training.Average!.View;

    protected ArrayView<ParameterChunk> Chunks => Training.Chunks;

    /// <summary>The factor of the gradients; negative: the step is not made.</summary>
    protected ArrayView<float> ScaleOnDevice => Training.Results.Scale;

    protected ArrayView<StepNumbers> NumbersOnDevice => Training.Results.Numbers;

    protected int ChunkCount => _training.ChunkCount;

    /// <summary>A tensor of the workspace, from its offset in floats.</summary>
    protected ArrayView<float> Tensor(long offset) => From(_work, offset);

    /// <summary>A tensor of narrow elements, from its offset in floats.</summary>
    protected ArrayView<BFloat16> Narrow(long offset) => Tensor(offset).Cast<BFloat16>();

    /// <summary>A parameter, from its offset in floats.</summary>
    protected ArrayView<float> Weight(long offset) => From(_weights, offset);

    /// <summary>A parameter's gradient.</summary>
    protected ArrayView<float> Gradient(long offset) => From(Training.Gradients, offset);

    /// <summary>An array of the optimizer's state.</summary>
    protected ArrayView<float> StateArena(int number) => From(Training.State, number * Align(_description.TrainableFloats));

    protected ArrayView<float> Floats(int input) => _inputs.View.SubView(InputOffset(_pass, input, _batch, _lengths));

    protected ArrayView<int> Integers(int input) => Floats(input).Cast<int>();

    /// <summary>A layer's keys and values of earlier tokens.</summary>
    protected KeyCache Cache(int layer) => _cache!.Of(layer);

    /// <summary>Keys and values that a layer has of what it reads.</summary>
    protected KeyCache Memory(int layer) => _memory!.Of(layer);

    protected DropoutKey Keep(int site, float probability) => new(_passNumber.Read(), _seed, (uint)site, probability);

    private static ArrayView<float> From(GpuArena arena, long offset) => arena.View.SubView(offset);
}
