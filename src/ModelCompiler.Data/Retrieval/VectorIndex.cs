using System.Buffers;
using System.Numerics.Tensors;
using System.Text.Json;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Data;

/// <summary>
/// Vectors to search, such as the embeddings of pictures. All of them are compared with a query, on all cores: exact, and fast enough for
/// millions. An index is one safetensors file, tensor <c>vectors</c> [count, width] and names in the metadata; opened again it is
/// mapped into memory, and only its names are read. Any number of threads may search at once.
/// </summary>
public sealed class VectorIndex : IDisposable
{
    private const string Tensor = "vectors", NamesKey = "names";

    // Numbers that a task reads at a time: they stay in a core's cache.
    private const int Piece = 1 << 15;

    private readonly SafetensorsFile? _file;
    private readonly ReadOnlyMemory<float> _vectors;

    /// <summary>An index in memory.</summary>
    /// <param name="vectors">[count, width], row after row; not copied.</param>
    /// <param name="width">Numbers in a vector.</param>
    /// <param name="names">One for each vector, such as file names; null: none.</param>
    /// <exception cref="ArgumentException">Numbers are no rows of that width, or not as many names.</exception>
    public VectorIndex(ReadOnlyMemory<float> vectors, int width, IReadOnlyList<string>? names = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (vectors.Length % width != 0)
        {
            throw new ArgumentException($"{vectors.Length:N0} numbers are no rows of {width}.", nameof(vectors));
        }

        (_vectors, Width, Count, Names) = (vectors, width, vectors.Length / width, names);
        if (names is not null && names.Count != Count)
        {
            throw new ArgumentException($"{names.Count} names for {Count} vectors.", nameof(names));
        }
    }

    private VectorIndex(SafetensorsFile file, int count, int width, IReadOnlyList<string>? names) => (_file, Count, Width, Names) = (file, count, width, names);

    /// <summary>Number of vectors.</summary>
    public int Count { get; }

    /// <summary>Numbers in a vector.</summary>
    public int Width { get; }

    /// <summary>Names of the vectors; null: none.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>Opens a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="CheckpointException">There is no such file, or it is no index.</exception>
    public static VectorIndex Open(string path)
    {
        var file = new SafetensorsFile(path);
        try
        {
            var shape = file[Tensor].Shape;
            if (shape.Length != 2 || shape[1] == 0 || file[Tensor].TypeName != "F32")
            {
                throw new CheckpointException($"{path}: '{Tensor}' is {file[Tensor].TypeName} [{string.Join(", ", shape)}]; an index is F32 [count, width].");
            }

            return new(file, shape[0], shape[1], ReadNames(path, file, shape[0]));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes the index in place of what is there: a reader sees the old one or the whole new one.</summary>
    /// <exception cref="CheckpointException">The file cannot be written, or names and all would make a header of more than 100 MB.</exception>
    public void Save(string path)
    {
        var metadata = Names is null ? [] : new Dictionary<string, string> { [NamesKey] = JsonSerializer.Serialize([.. Names], IndexJson.Default.StringArray) };
        SafetensorsWriter.Write(path, [new TensorToWrite(Tensor, [Count, Width], () => _file?.Read(Tensor) ?? _vectors.ToArray())], metadata);
    }

    /// <summary>Finds the vectors whose product with the query is largest.</summary>
    /// <param name="query">[width].</param>
    /// <param name="k">How many, 1 or more.</param>
    /// <returns>The best first, of equal scores the lower number first; fewer than <paramref name="k"/> where the index has fewer; scores that are no numbers are never found.</returns>
    /// <exception cref="ArgumentException">The query has another width.</exception>
    public IReadOnlyList<Neighbor> Search(ReadOnlyMemory<float> query, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        if (query.Length != Width)
        {
            throw new ArgumentException($"The query has {query.Length} numbers; vectors have {Width}.", nameof(query));
        }

        var rows = Math.Max(1, Piece / Width);
        k = Math.Clamp(Count, 1, k);
        var best = new NearestNeighbors(k);
        Parallel.For(0, (int)(((long)Count + rows - 1) / rows), () => new NearestNeighbors(k), (piece, _, own) =>
        {
            var first = piece * rows;
            var count = Math.Min(rows, Count - first);
            if (_file is null)
            {
                Compare(_vectors.Span.Slice(first * Width, count * Width), first, query.Span, own);
                return own;
            }

            var buffer = ArrayPool<float>.Shared.Rent(count * Width);
            try
            {
                var vectors = buffer.AsSpan(0, count * Width);
                _file.Read(Tensor, (long)first * Width, vectors);
                Compare(vectors, first, query.Span, own);
                return own;
            }
            finally
            {
                ArrayPool<float>.Shared.Return(buffer);
            }
        }, own =>
        {
            lock (best)
            {
                best.Add(own);
            }
        });
        return [.. best.Ordered.Select(m => new Neighbor(m.Number, m.Score, Names?[m.Number]))];
    }

    public void Dispose() => _file?.Dispose();

    private static void Compare(ReadOnlySpan<float> vectors, int first, ReadOnlySpan<float> query, NearestNeighbors best)
    {
        for (var i = 0; i < vectors.Length; i += query.Length)
        {
            best.Add(first + (i / query.Length), TensorPrimitives.Dot(query, vectors.Slice(i, query.Length)));
        }
    }

    private static string[]? ReadNames(string path, SafetensorsFile file, int count)
    {
        if (!file.Metadata.TryGetValue(NamesKey, out var json))
        {
            return null;
        }

        try
        {
            var names = JsonSerializer.Deserialize(json, IndexJson.Default.StringArray);
            return names?.Length == count && !names.Contains(null) ? names : throw new CheckpointException($"{path} has {names?.Length ?? 0} names for {count} vectors.");
        }
        catch (JsonException e)
        {
            throw new CheckpointException($"{path}: its names are no list of texts: {e.Message}", e);
        }
    }
}
