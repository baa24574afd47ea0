using ModelCompiler.Runtime;

namespace ModelCompiler.Data.Tests;

/// <summary>Pairs of picture and label files.</summary>
public sealed class MnistDataSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mnist").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, InlineData(Split.Train, 60_000, 5), InlineData(Split.HeldOut, 10_000, 7)]
    public void Real_digits(Split split, int count, int first)
    {
        var digits = MnistDataSet.Read(SharedData.Find("mnist"), split);
        Assert.Equal((count, 28, 28, 10), (digits.Count, digits.Height, digits.Width, digits.Classes));
        Assert.Equal(first, digits.Label(0));
        var indices = Enumerable.Range(0, 2_000).Select(i => (long)i).ToArray();
        var (pixels, labels) = (new float[2_000 * 784], new int[2_000]);
        digits.Copy(indices, pixels, labels);
        Assert.InRange(pixels.Average(), -0.1, 0.1);
        Assert.InRange(pixels.Average(p => (double)p * p), 0.9, 1.1);
        Assert.All(labels.CountBy(label => label), pair => Assert.InRange(pair.Value, 140, 280));
    }

    [Fact]
    public void Batches_are_normalised()
    {
        var data = MnistDataSet.Read(Write("i", IdxBytes.File([2, 1, 2], [0, 255, 51, 102])), Write("l", IdxBytes.Gzip(IdxBytes.File([2], [4, 9]))));
        (data.Mean, data.Deviation) = (0.5f, 0.5f);
        var (pixels, labels) = (new float[4], new int[2]);
        data.Copy([1, 0], pixels, labels);
        Assert.Equal([9, 4], labels);
        Assert.Equal([-0.6f, -0.2f, -1f, 1f], pixels.Select(p => MathF.Round(p, 6)));
        Assert.Throws<ArgumentException>(() => data.Copy([0], pixels, labels));
        Assert.Contains("0..1", Assert.Throws<ArgumentOutOfRangeException>(() => data.Label(2)).Message);
    }

    [Fact]
    public void Records_fill_a_classifiers_batch()
    {
        var data = MnistDataSet.Read(Write("i", IdxBytes.File([2, 1, 2], [0, 255, 51, 102])), Write("l", IdxBytes.File([2], [4, 9])));
        var batches = data.ToRecords().ToBatches([0.5f], [0.5f], new DataOptions { Batch = 2, ShuffleBuffer = 0 }, static rows => new Digits(rows), static b => (b.Inputs, b.Labels));
        var batch = batches.Get(0, null);
        Assert.Equal([4, 9], batch.Labels);
        Assert.Equal([-1f, 1f, -0.6f, -0.2f], batch.Inputs.Values.Select(static p => MathF.Round(p, 6)));
        Assert.Equal("digit 1", data.ToRecords().NameOf(1));
    }

    [Fact]
    public void Files_that_do_not_fit_together_are_refused()
    {
        var images = Write("i", IdxBytes.File([2, 1, 1], [0, 1]));
        var labels = Write("l", IdxBytes.File([3], [0, 1, 2]));
        Assert.Contains("3 labels for the 2 pictures", Assert.Throws<InvalidDataException>(() => MnistDataSet.Read(images, labels)).Message);
        Assert.Contains("U8 with 1 dimensions; legal is U8 with 3", Assert.Throws<InvalidDataException>(() => MnistDataSet.Read(labels, labels)).Message);
        labels = Write("l", IdxBytes.File([2], [9, 10]));
        Assert.Contains("label 1 is 10; legal is 0..9", Assert.Throws<InvalidDataException>(() => MnistDataSet.Read(images, labels)).Message);
        Assert.Equal(10, MnistDataSet.Read(images, labels, classes: 11).Label(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MnistDataSet.Read(images, labels, classes: 0));
        Assert.Contains("train-images-idx3-ubyte", Assert.Throws<FileNotFoundException>(() => MnistDataSet.Read(_folder)).Message);
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private sealed class Digits(int rows)
    {
        public Rows Inputs { get; } = new(rows);

        public int[] Labels { get; } = new int[rows];
    }

    private sealed class Rows(int rows) : PictureBatch(rows, 1, 1, 2);
}
