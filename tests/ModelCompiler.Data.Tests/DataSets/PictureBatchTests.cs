using ModelCompiler.Runtime;

namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>Real pictures into batches: what is broken is skipped, and what is whole is not.</summary>
public sealed class PictureBatchTests
{
    private static readonly PicturePreprocessor s_clip = PicturePreprocessor.Clip(32);

    [Fact]
    public void Broken_pictures_are_skipped_with_their_names()
    {
        var photos = SharedData.Find("photos");
        var expected = CsvTable.Read(Path.Combine(photos, "broken", "expected.csv"));
        var rows = Enumerable.Range(0, (int)expected.Count).Select(i => expected.Read(i)).ToDictionary(static r => Path.Combine("broken", r["file"]), static r => r["expected"]);
        var pictures = ClassFolders.Open(photos).WhereName(rows.ContainsKey);
        Assert.Equal(rows.Count, pictures.Count);
        var batches = Batches(pictures, new DataOptions { Batch = rows.Count, Seed = 1 });
        var batch = batches.Get(0, null);
        var skipped = batches.Skipped.Select(static s => s.Name).ToHashSet();
        foreach (var (name, what) in rows)
            Assert.True(what.StartsWith("either", StringComparison.Ordinal) || skipped.Contains(name) == what.StartsWith("error", StringComparison.Ordinal), $"{name}: {what}");
        Assert.All(batches.Skipped, static s => Assert.Contains(Path.GetFileName(s.Name), s.ToString()));
        Assert.StartsWith($"{skipped.Count} of {rows.Count} records skipped:", batches.Summary);
        Assert.Equal(batch.Inputs.Values, Batches(pictures, new DataOptions { Batch = rows.Count, Seed = 1, Threads = 1 }).Get(0, batches.Get(3, null)).Inputs.Values);
        Assert.Throws<BrokenRecordException>(() => Batches(pictures, new DataOptions { Batch = rows.Count, Broken = BrokenRecords.Stop }).Get(0, null));
    }

    [Fact]
    public void Flowers_become_batches()
    {
        var flowers = ClassFolders.Open(SharedData.Find("photos/flowers"));
        var batches = Batches(flowers.Where(static i => i % 5 != 0), new DataOptions { Batch = 50, Seed = 1 });
        var batch = batches.Get(0, null);
        Assert.Equal((4, 0), (batches.Count, batches.SkippedCount));
        Assert.Equal([0, 1, 2, 3, 4], batch.Labels.Distinct().Order());
        var draws = new ShuffledOrder(0, [flowers.Where(static i => i % 5 != 0).Count], 1, null);
        var picture = flowers.Where(static i => i % 5 != 0).Read(draws.At(7).Index);
        var pixels = new float[3 * 32 * 32];
        s_clip.Write(picture.Bytes.Span, picture.Name, pixels);
        Assert.Equal(pixels, batch.Inputs[7]);
        Assert.Equal(picture.Class, batch.Labels[7]);
    }

    [Fact]
    public void Changes_differ_by_epoch_and_are_the_same_on_any_threads()
    {
        var flowers = ClassFolders.Open(SharedData.Find("photos/flowers")).Where(static i => i % 20 == 0);
        var (count, augmentation) = ((int)flowers.Count, new Augmentation(1).RandomResizedCrop(0.3, 1).Flip());
        var options = new DataOptions { Batch = count, ShuffleBuffer = 0, Threads = 3 };
        var batches = Batches(flowers, options, augmentation);
        var first = batches.Get(0, null).Inputs.Values;
        Assert.NotEqual(first, batches.Get(1, null).Inputs.Values);
        Assert.NotEqual(first, Batches(flowers, options).Get(0, null).Inputs.Values);
        Assert.Equal(first, Batches(flowers, options with { Threads = 1 }, augmentation).Get(0, batches.Get(2, null)).Inputs.Values);
    }

    [Fact]
    public void Mixed_pictures_are_mixed_as_their_classes_are()
    {
        const int Rows = 8;
        var flowers = ClassFolders.Open(SharedData.Find("photos/flowers"));
        var options = new DataOptions { Batch = Rows, Seed = 3 };
        var (plain, mixed) = (Batches(flowers, options), Soft(options, new Mixing()));
        var shares = new HashSet<double>();
        for (var number = 0; number < 12; number++)
        {
            var (own, batch) = (plain.Get(number, null), mixed.Get(number, null));
            var rows = new Mixing().Apply(own.Inputs, 3, number);
            Assert.Equal(own.Inputs.Values, batch.Inputs.Values);
            Assert.Equal(rows.Targets(own.Labels, 5), batch.Probabilities);
            shares.Add(rows.Share);
        }

        // Boxes may be empty.
        Assert.True(shares.Count >= 9, $"{shares.Count} of 12 shares differ");
        var again = Soft(options with { Threads = 3 }, new Mixing());
        Assert.Equal(mixed.Get(7, null).Probabilities, again.Get(7, again.Get(2, null)).Probabilities);
        Assert.Equal(new MixedRows(1, Rows).Targets(plain.Get(4, null).Labels, 5), Soft(options, null).Get(4, mixed.Get(1, null)).Probabilities);

        // Each rank's batches have numbers of their own.
        for (var rank = 0; rank < 2; rank++)
        {
            var (data, own) = (options with { Rank = rank, Ranks = 2 }, new Mixing { CutmixAlpha = 0 });
            var (expected, batch) = (Batches(flowers, data).Get(5, null), Soft(data, own).Get(5, null));
            Assert.Equal(own.Apply(expected.Inputs, 3, (2 * 5) + rank).Targets(expected.Labels, 5), batch.Probabilities);
        }

        DataBatches<ClassifiedPicture, SoftBatch> Soft(DataOptions data, Mixing? mixing) =>
            flowers.ToBatches(s_clip, data, static rows => new SoftBatch(rows, 5), static batch => (batch.Inputs, batch.Probabilities), mixing);
    }

    [Fact]
    public void Pictures_of_bytes_are_mixed_too_and_classes_that_the_model_lacks_are_named()
    {
        var pictures = Records.Of(6, static index => new RawPicture(Enumerable.Repeat((byte)(40 * index), 3 * 32 * 32).ToArray(), 3, 32, 32, (int)index % 3));
        var options = new DataOptions { Batch = 6, ShuffleBuffer = 0 };
        var batch = Mixed(classes: 3).Get(1, null);
        for (var row = 0; row < 6; row++)
        {
            var (share, other) = (batch.Probabilities[(row * 3) + (row % 3)], (row + 5) % 6);
            Assert.Equal(((share * 40 * row) + ((1 - share) * 40 * other)) / 255, batch.Inputs[row][17], 1e-5);
        }

        Assert.Contains("Label 2 is 2; legal is 0..1.", Assert.Throws<ArgumentException>(() => Mixed(classes: 2).Get(0, null)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Mixed(3, new Mixing { Probability = 2 }));

        DataBatches<RawPicture, SoftBatch> Mixed(int classes, Mixing? mixing = null) => pictures.ToBatches(
            [0, 0, 0], [1, 1, 1], options, rows => new SoftBatch(rows, classes), static b => (b.Inputs, b.Probabilities), mixing ?? new Mixing { CutmixAlpha = 0 });
    }

    [Fact]
    public void Batches_of_another_size_than_was_asked_for_are_refused()
    {
        var pictures = Records.Of(6, static index => new RawPicture(new byte[3 * 32 * 32], 3, 32, 32, 0));
        var options = new DataOptions { Batch = 4 };
        foreach (var rows in new[] { 3, 8 })
        {
            var message = $"The batch was made for {rows} pictures, and Batch is 4; legal is a batch of as many rows as it is asked for.";
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => pictures.ToBatches([0, 0, 0], [1, 1, 1], options, _ => new Batch(rows), static b => (b.Inputs, b.Labels)).Get(0, null)).Message);
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => pictures.ToBatches([0, 0, 0], [1, 1, 1], options, _ => new SoftBatch(rows, 3), static b => (b.Inputs, b.Probabilities)).Get(0, null)).Message);
        }
    }

    private static DataBatches<ClassifiedPicture, Batch> Batches(IRecords<ClassifiedPicture> pictures, DataOptions options, Augmentation? augmentation = null) =>
        pictures.ToBatches(s_clip, options, static rows => new Batch(rows), static batch => (batch.Inputs, batch.Labels), augmentation);

    private sealed class Batch(int rows)
    {
        public Rows Inputs { get; } = new(rows);

        public int[] Labels { get; } = new int[rows];
    }

    private sealed class SoftBatch(int rows, int classes)
    {
        public Rows Inputs { get; } = new(rows);

        public float[] Probabilities { get; } = new float[rows * classes];
    }

    private sealed class Rows(int rows) : PictureBatch(rows, 3, 32, 32);
}
