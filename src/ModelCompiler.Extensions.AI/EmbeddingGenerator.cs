using Microsoft.Extensions.AI;

namespace ModelCompiler.Extensions.AI;

/// <summary>
/// A compiled model as .NET applications take embeddings: sentences, pictures or anything that its encoder reads become vectors. Models
/// run one batch at a time, so calls wait for each other; batches run on the thread pool, and a call may be cancelled between two.
/// </summary>
/// <typeparam name="TInput">What is encoded, such as <see cref="string"/>, or the bytes of a picture.</typeparam>
public sealed class EmbeddingGenerator<TInput> : IEmbeddingGenerator<TInput, Embedding<float>>
{
    private readonly Func<IReadOnlyList<TInput>, ReadOnlyMemory<float>> _encode;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly int _batch;

    /// <param name="encode">Vectors [count, width] of inputs, such as a model's <c>EncodeTexts</c> behind its tokenizer.</param>
    /// <param name="width">Numbers in a vector.</param>
    /// <param name="model">The model's name in results and metadata.</param>
    /// <param name="batchSize">Most inputs that are encoded at once.</param>
    public EmbeddingGenerator(Func<IReadOnlyList<TInput>, ReadOnlyMemory<float>> encode, int width, string model, int batchSize = 32)
    {
        ArgumentNullException.ThrowIfNull(encode);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        (_encode, _batch) = (encode, batchSize);
        _metadata = new EmbeddingGeneratorMetadata("ModelCompiler", defaultModelId: model, defaultModelDimensions: width);
    }

    /// <param name="options">Another model or width than this one's is an error: it cannot be chosen by call.</param>
    /// <exception cref="NotSupportedException">The options ask for another model or width.</exception>
    /// <exception cref="InvalidOperationException">The encoder gave another number of vectors than inputs.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<TInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if ((options?.Dimensions ?? Width) != Width || (options?.ModelId ?? Model) != Model)
        {
            throw new NotSupportedException($"Asked for {options!.ModelId ?? Model} with {options.Dimensions ?? Width} dimensions; this is {Model} with {Width}.");
        }

        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var inputs in values.Chunk(_batch))
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                // The encoder may keep its array for the next batch: each vector is a copy.
                embeddings.AddRange(await Task.Run(() => Split(inputs), cancellationToken).ConfigureAwait(false));
            }
            finally
            {
                _turn.Release();
            }
        }

        return embeddings;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Frees what calls wait by, when none is under way any more. The model is its owner's.</summary>
    public void Dispose() => _turn.Dispose();

    private int Width => _metadata.DefaultModelDimensions!.Value;

    private string Model => _metadata.DefaultModelId!;

    private Embedding<float>[] Split(TInput[] inputs)
    {
        var vectors = _encode(inputs);
        if (vectors.Length != inputs.Length * Width)
        {
            throw new InvalidOperationException($"{Model} gave {vectors.Length} numbers for {inputs.Length} inputs; {Width} each were expected.");
        }

        return [.. inputs.Select((_, i) => new Embedding<float>(vectors.Slice(i * Width, Width).ToArray()) { ModelId = Model })];
    }
}
