namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>Folders by class and CIFAR's files.</summary>
public sealed class PictureSetTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_and_pictures_are_in_the_order_of_their_names()
    {
        foreach (var name in new[] { "b/2.PNG", "b/10.jpg", "a/x/1.webp", "a/notes.txt", "B/3.jpeg" })
            _folder.Write(name, name);
        var set = ClassFolders.Open(_folder.Path);
        Assert.Equal(["B", "a", "b"], set.Classes);
        Assert.Equal(["B/3.jpeg", "a/x/1.webp", "b/10.jpg", "b/2.PNG"], Enumerable.Range(0, 4).Select(i => set.NameOf(i).Replace('\\', '/')));
        Assert.Equal([0, 1, 2, 2], Enumerable.Range(0, 4).Select(i => set.Read(i).Class));
        Assert.Equal("b/2.PNG"u8, set.Read(3).Bytes.Span);
        File.Delete(Path.Combine(_folder.Path, "b", "10.jpg"));
        Assert.Contains("b holds 2.PNG", Assert.Throws<FileNotFoundException>(() => set.Read(2)).Message);
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.Contains("there is no such folder", Assert.Throws<DirectoryNotFoundException>(() => ClassFolders.Open(Path.Combine(_folder.Path, "no"))).Message);
        _folder.Write("1.png", "");
        Assert.Contains("there are 1.png", Assert.Throws<InvalidDataException>(() => ClassFolders.Open(_folder.Path)).Message);
        _folder.Write("a/1.txt", "");
        Assert.Contains("there are no pictures (png, jpg, jpeg, webp, gif and bmp); there are", Assert.Throws<InvalidDataException>(() => ClassFolders.Open(_folder.Path)).Message);
    }

    [Fact]
    public void Real_flowers()
    {
        var set = ClassFolders.Open(SharedData.Find("photos/flowers"));
        Assert.Equal(["daisy", "dandelion", "roses", "sunflowers", "tulips"], set.Classes);
        Assert.Equal(199, set.Count);
        Assert.Equal([40, 39, 40, 40, 40], Enumerable.Range(0, 199).CountBy(i => set.Read(i).Class).Select(static c => c.Value));
        Assert.True(set.Read(150).Bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Cifar_10(bool isPacked)
    {
        for (var file = 1; file <= 5; file++)
            Write($"data_batch_{file}.bin", isPacked, [.. Picture([(byte)file], file), .. Picture([9], 100 + file)]);
        Write("test_batch.bin", isPacked, Picture([3], 0));
        var set = CifarDataSet.Read10(_folder.Path);
        Assert.Equal((10, 10), (set.Count, set.Classes));
        Assert.Equal([1, 9, 2, 9, 3, 9, 4, 9, 5, 9], Enumerable.Range(0, 10).Select(i => set.Read(i).Class));
        Assert.Equal(103, set.Read(5).Pixels.Span[0]);
        Assert.Contains("data_batch_3.bin", set.NameOf(4));
        Assert.Equal(3, CifarDataSet.Read10(_folder.Path, Split.HeldOut).Read(0).Class);
    }

    [Fact]
    public void Cifar_100_has_two_labels()
    {
        Write("train.bin", false, [.. Picture([19, 99], 1), .. Picture([0, 7], 2)]);
        Assert.Equal((99, 100), (CifarDataSet.Read100(_folder.Path).Read(0).Class, CifarDataSet.Read100(_folder.Path).Classes));
        Assert.Equal((19, 20), (CifarDataSet.Read100(_folder.Path, isCoarse: true).Read(0).Class, CifarDataSet.Read100(_folder.Path, isCoarse: true).Classes));
        Assert.Contains("holds train.bin", Assert.Throws<FileNotFoundException>(() => CifarDataSet.Read100(_folder.Path, Split.HeldOut)).Message);
        Write("test.bin", false, Picture([0, 100], 2));
        Assert.Contains("label 1 of picture 0 is 100; legal is 0..99", Assert.Throws<InvalidDataException>(() => CifarDataSet.Read100(_folder.Path, Split.HeldOut)).Message);
        Write("test.bin", false, Picture([0], 2));
        Assert.Contains("3073 bytes; legal is a multiple of 3074", Assert.Throws<InvalidDataException>(() => CifarDataSet.Read100(_folder.Path, Split.HeldOut)).Message);
    }

    [Fact]
    public void Bytes_are_normalised_by_channel()
    {
        var picture = new RawPicture(new byte[] { 0, 255, 51, 102 }, 2, 1, 2, 0);
        var pixels = new float[4];
        picture.Write(pixels, [0.5f, 0], [0.5f, 2]);
        Assert.Equal([-1f, 1f, 0.1f, 0.2f], pixels);
        Assert.Throws<ArgumentException>(() => picture.Write(pixels, [0], [1]));
    }

    private void Write(string name, bool isPacked, byte[] bytes) => _folder.Write(isPacked ? name + ".gz" : name, isPacked ? ScratchFolder.Gzip(bytes) : bytes);

    private static byte[] Picture(byte[] labels, int first) => [.. labels, (byte)first, .. new byte[3_071]];
}
