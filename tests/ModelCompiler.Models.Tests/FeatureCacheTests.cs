using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Models.Tests;

/// <summary>Features that a frozen tower computes once, and models of given vectors.</summary>
public sealed class FeatureCacheTests : IDisposable
{
    private const int Count = 11, Rows = 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("features").FullName;
    private readonly ShapesVit _tower = new(Device.Cpu, seed: 1);
    private int _encoded;

    private string Cached => Path.Combine(_folder, "features.safetensors");

    public void Dispose()
    {
        _tower.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Features_of_records_are_computed_once_and_read_by_number()
    {
        using (var features = Compute(Pictures()))
        {
            Assert.Equal((Count, ShapesFeatures.Vectors.VectorCount * ShapesFeatures.Vectors.VectorWidth, Count), (features.Count, features.Floats, _encoded));
            var one = new ShapesVit.Pictures(1);
            var found = new float[features.Floats];
            foreach (var number in new[] { 10, 0, 5, 3 })
            {
                Draw(number, one[0]);
                features.Read(number, found);
                Assert.Equal(_tower.Forward(one).Hidden, found);
            }
        }

        using var again = Compute(Pictures());
        Assert.Equal((Count, Count), (again.Count, _encoded));
    }

    [Fact]
    public void What_the_features_are_of_is_known()
    {
        string key;
        using (var features = Compute(Pictures()))
        {
            key = features.Key;
        }

        Recomputes(Records.Of(Count, static i => (int)i, static i => $"other {i}"), "");
        Recomputes(Records.Of(Count - 1, static i => (int)i), "");
        Recomputes(Pictures(), "cropped");
        var weight = _tower.FinalNorm.Bias;
        var values = weight.ToArray();
        values[3] += 1e-6f;
        weight.Set(values);
        Recomputes(Pictures(), "");

        void Recomputes(IRecords<int> records, string recipe)
        {
            var before = _encoded;
            using var features = Compute(records, recipe);
            Assert.Equal(before + records.Count, _encoded);
            Assert.NotEqual(key, features.Key);
        }
    }

    [Fact]
    public void Files_that_are_cut_off_or_something_else_are_refused_and_stay()
    {
        Compute(Pictures()).Dispose();
        var whole = File.ReadAllBytes(Cached);
        File.WriteAllBytes(Cached, whole.AsSpan(0, whole.Length - 5));
        Assert.Contains(Cached, Assert.Throws<CheckpointException>(() => Compute(Pictures())).Message, StringComparison.Ordinal);
        Assert.Equal(whole.Length - 5, new FileInfo(Cached).Length);
        SafetensorsWriter.Write(Cached, [new TensorToWrite("weight", [2], static () => [1, 2])]);
        Assert.Contains("holds no features of records", Assert.Throws<CheckpointException>(() => Compute(Pictures())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_wrongly_is_named()
    {
        using var features = Compute(Pictures());
        Assert.Contains("legal is 0 to 10", Assert.Throws<ArgumentOutOfRangeException>(() => features.Read(Count, new float[features.Floats])).Message, StringComparison.Ordinal);
        Assert.Contains("there is room for 7", Assert.Throws<ArgumentException>(() => features.Read(0, new float[7])).Message, StringComparison.Ordinal);
        Assert.Contains("no records", Assert.Throws<ArgumentException>(() => Compute(Records.Of(0, static i => (int)i))).Message, StringComparison.Ordinal);
        var uneven = Path.Combine(_folder, "uneven.safetensors");
        Assert.Contains("not as many for each", Assert.Throws<ArgumentException>(() => FeatureCache.Of(uneven, _tower, Pictures(), Rows, static _ => new float[5])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FeatureCache.Of(uneven, _tower, Pictures(), Rows, static chunk => new float[chunk.Count == Rows ? Rows : 1]));
        Assert.False(File.Exists(uneven));
    }

    [Fact]
    public void A_model_trains_on_them()
    {
        using var features = Compute(Pictures());
        using var model = new ShapesLocked(new CpuDevice(2), seed: 2);
        var batches = Records.Of(Count, static i => i).ToBatches(new DataOptions { Batch = 5, Seed = 1 }, static rows => new ShapesLocked.Batch(new(rows), new(rows, 3)), (number, batch, row) =>
        {
            features.Read(number, batch.Inputs.Image[row.Index]);
            batch.Inputs.Text.Ids.AsSpan(row.Index * 3, 3).Fill(4 + (int)number);
        });
        var before = model.Evaluate(batches.Get(0, null)).Loss;
        model.Fit(batches, new FitOptions { Steps = 40, Output = TextWriter.Null });
        Assert.True(model.Evaluate(batches.Get(0, null)).Loss < before / 2, "what is drawn alike is said alike");
        Assert.Equal(features.Count, model.EncodeImages(All(features)).Count);
    }

    [Fact]
    public void Vectors_by_themselves_are_a_model_that_gives_them_back()
    {
        using var given = new ShapesFeatures(Device.Cpu);
        var vectors = new ShapesFeatures.Vectors(2);
        for (var i = 0; i < vectors.Values.Length; i++)
        {
            vectors.Values[i] = i * 0.25f;
        }

        var output = given.Forward(vectors);
        Assert.Equal(vectors.Values, output.Hidden);
        Assert.Equal([.. vectors[0][..64], .. vectors[1][..64]], output.Pooled);
        Assert.Empty(given.ParametersByName);
        given.Save(_folder);
        Assert.Empty(given.LoadPretrained(_folder).Loaded);
        vectors.Mask[20] = 0;
        Assert.Contains("Mask[1, 3] is 0, and this model reads all 17 vectors", Assert.Throws<ArgumentException>(() => given.Forward(vectors)).Message, StringComparison.Ordinal);
    }

    private static IRecords<int> Pictures() => Records.Of(Count, static i => (int)i);

    private static void Draw(int number, Span<float> picture)
    {
        for (var i = 0; i < picture.Length; i++)
        {
            picture[i] = MathF.Sin((i % (number + 3)) + number);
        }
    }

    private static ShapesLocked.ImageVectors All(FeatureCache features)
    {
        var all = new ShapesLocked.ImageVectors((int)features.Count);
        for (var i = 0; i < all.Count; i++)
        {
            features.Read(i, all[i]);
        }

        return all;
    }

    private FeatureCache Compute(IRecords<int> records, string recipe = "") => FeatureCache.Of(Cached, _tower, records, Rows, chunk =>
    {
        var pictures = new ShapesVit.Pictures(chunk.Count);
        for (var i = 0; i < chunk.Count; i++)
        {
            Draw(chunk[i], pictures[i]);
        }

        _encoded += chunk.Count;
        return _tower.Forward(pictures).Hidden;
    }, recipe);
}
