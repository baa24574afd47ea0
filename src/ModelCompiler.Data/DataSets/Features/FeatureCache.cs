using System.Globalization;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Data;

/// <summary>
/// Features of every record of a data set, computed once by a model that stays as it is, such as a frozen tower: the inputs of models with
/// <see cref="PrecomputedFeaturesAttribute"/>. A cache is one safetensors file, which is mapped into memory, so that it may be larger than that. Any number of threads may read at once.
/// </summary>
public sealed class FeatureCache : IDisposable
{
    private const string KeyName = "features_of", Tensor = "features.";

    private readonly SafetensorsFile _file;

    // Records of each tensor but the last.
    private readonly int _rows;

    private FeatureCache(SafetensorsFile file, string key, int rows, long count, int floats) => (_file, Key, _rows, Count, Floats) = (file, key, rows, count, floats);

    /// <summary>Number of records.</summary>
    public long Count { get; }

    /// <summary>Numbers of one record: its vectors, one after the other.</summary>
    public int Floats { get; }

    /// <summary>What the features are of: a digest of the model's weights and configuration, and of the records.</summary>
    public string Key { get; }

    /// <summary>
    /// Opens the file of these features, or computes them first: where there is none, and in place of those of other weights, another configuration, other records or another
    /// <paramref name="recipe"/>. An interrupted run leaves what was there.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="model">What computes them.</param>
    /// <param name="records">At least one. They are told from others by their number, names and marks; none is read to find out.</param>
    /// <param name="rows">Records that are encoded at a time, the last few but one; 1 or more.</param>
    /// <param name="encode">Features [records, vectors, width] of some records, as many numbers for each.</param>
    /// <param name="recipe">What else they depend on, such as how pictures are prepared.</param>
    /// <exception cref="ArgumentException">There are no records, or not as many numbers for each of them.</exception>
    /// <exception cref="CheckpointException">The file is none of these, is cut off, or cannot be written.</exception>
    public static FeatureCache Of<TRecord>(string path, IModel model, IRecords<TRecord> records, int rows, Func<IReadOnlyList<TRecord>, float[]> encode, string recipe = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        if (records.Count == 0)
        {
            throw new ArgumentException("There are no records to compute features of.", nameof(records));
        }

        var key = FeatureKey.Of(model, records, recipe);
        if (File.Exists(path))
        {
            var there = Open(path);
            if (there.Key == key)
            {
                return there;
            }

            there.Dispose();
        }

        Write(path, key, records, rows, encode);
        return Open(path);
    }

    /// <summary>Opens a file that <see cref="Of"/> wrote, whatever its features are of.</summary>
    /// <exception cref="CheckpointException">There is no such file, it is none of these, or it is cut off.</exception>
    public static FeatureCache Open(string path)
    {
        var file = new SafetensorsFile(path);
        try
        {
            var shapes = Enumerable.Range(0, file.Tensors.Count).Select(i => file.Contains(Name(i)) ? file[Name(i)] : null).ToArray();
            if (!file.Metadata.TryGetValue(KeyName, out var key) || shapes is not [{ Shape: [> 0 and var rows, > 0 and var floats] }, ..]
                || shapes.Any(t => t is not { TypeName: "F32", Shape: [> 0, var own] } || own != floats) || shapes.SkipLast(1).Any(t => t!.Shape[0] != rows) || shapes[^1]!.Shape[0] > rows)
            {
                throw new CheckpointException($"{path} holds no features of records: name another file, or delete it.");
            }

            return new FeatureCache(file, key, rows, shapes.Sum(static t => (long)t!.Shape[0]), floats);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the features of one record.</summary>
    /// <param name="number">0..<see cref="Count"/> - 1.</param>
    /// <param name="features">[<see cref="Floats"/>].</param>
    /// <exception cref="ArgumentException">There is no such record, or features are not as many numbers.</exception>
    public void Read(long number, Span<float> features)
    {
        if (number < 0 || number >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(number), number, $"Record {number} of {Count} with features; legal is 0 to {Count - 1}.");
        }

        if (features.Length != Floats)
        {
            throw new ArgumentException($"Features of a record are {Floats} numbers, and there is room for {features.Length}: the Tokens and Width of [PrecomputedFeatures] are those of the model that computed them.", nameof(features));
        }

        _file.Read(Name(number / _rows), number % _rows * Floats, features);
    }

    public void Dispose() => _file.Dispose();

    private static string Name(long tensor) => Tensor + tensor.ToString(CultureInfo.InvariantCulture);

    // A tensor is computed when its turn to be written comes: one is in memory at a time.
    private static void Write<TRecord>(string path, string key, IRecords<TRecord> records, int rows, Func<IReadOnlyList<TRecord>, float[]> encode)
    {
        var (first, count) = (Encode(0), (int)Math.Min(rows, records.Count));
        var floats = first.Length / count;
        if (floats == 0 || first.Length % count != 0)
        {
            throw new ArgumentException($"Features of {count} records are {first.Length} numbers, which are not as many for each.", nameof(encode));
        }

        var tensors = Enumerable.Range(0, checked((int)((records.Count + rows - 1) / rows))).Select(i =>
            new TensorToWrite(Name(i), [(int)Math.Min(rows, records.Count - ((long)i * rows)), floats], () => i == 0 ? first : Encode(i)));
        SafetensorsWriter.Write(path, [.. tensors], new Dictionary<string, string> { [KeyName] = key });

        float[] Encode(int tensor)
        {
            var begin = (long)tensor * rows;
            return encode([.. Enumerable.Range(0, (int)Math.Min(rows, records.Count - begin)).Select(i => records.Read(begin + i))]);
        }
    }
}
