using ModelCompiler.Runtime;

namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>Files of ids, and stretches of them.</summary>
public sealed class TokenFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(TokenWidth.Two, 65_536), InlineData(TokenWidth.Four, 100_000)]
    public void What_is_written_is_read(TokenWidth width, int vocabulary)
    {
        int[] ids = [.. Enumerable.Range(0, 5_000).Select(i => i * 7_919 % vocabulary)];
        var path = Path.Combine(_folder.Path, "train.bin");
        Assert.Equal(5_000, TokenFile.Write(path, width, ids));
        Assert.Equal(5_000 * (int)width, new FileInfo(path).Length);
        Assert.Equal([(byte)ids[1], (byte)(ids[1] >> 8)], File.ReadAllBytes(path).AsSpan((int)width, 2));
        using var file = TokenFile.Open(path, width, vocabulary);
        var read = new int[1_234];
        file.Copy(3_766, read);
        Assert.Equal(ids[3_766..], read);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Copy(3_767, read));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Copy(-1, read));
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Copy(0, read));
    }

    [Fact]
    public void Files_that_are_none_are_refused()
    {
        var path = _folder.Write("t.bin", [1, 0, 9, 0, 0]);
        Assert.Contains("5 bytes; legal is a multiple of 2", Assert.Throws<InvalidDataException>(() => TokenFile.Open(path, TokenWidth.Two, 10)).Message);
        Assert.Contains("0 bytes", Assert.Throws<InvalidDataException>(() => TokenFile.Open(_folder.Write("e.bin", []), TokenWidth.Four, 10)).Message);
        Assert.Contains("holds e.bin and t.bin", Assert.Throws<FileNotFoundException>(() => TokenFile.Open(path + "x", TokenWidth.Two, 10)).Message);
        using var file = TokenFile.Open(_folder.Write("u.bin", [1, 0, 10, 0]), TokenWidth.Two, 10);
        Assert.Equal("An empty path names no file.", Assert.Throws<FileNotFoundException>(static () => TokenFile.Open("", TokenWidth.Two, 10)).Message);
        Assert.Equal("An empty path names no file.", Assert.Throws<FileNotFoundException>(static () => TokenFile.Write("", TokenWidth.Two, [1])).Message);
        Assert.Contains($"{_folder.Path} is a folder; legal is a file.", Assert.Throws<FileNotFoundException>(() => TokenFile.Open(_folder.Path, TokenWidth.Two, 10)).Message);
        Assert.Contains("token 1 is 10; legal is 0..9", Assert.Throws<InvalidDataException>(() => file.Copy(0, new int[2])).Message);
        using var wide = TokenFile.Open(_folder.Write("v.bin", [0, 0, 0, 0x80]), TokenWidth.Four, int.MaxValue);
        Assert.Contains("is 2147483648", Assert.Throws<InvalidDataException>(() => wide.Copy(0, new int[1])).Message);
        Assert.Throws<ArgumentException>(() => TokenFile.Write(path, TokenWidth.Two, [65_536]));
        Assert.Equal(5, new FileInfo(path).Length); // a write that failed left what was there
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path), static f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void Stretches_and_their_targets_lie_end_to_end_and_start_elsewhere_in_each_epoch()
    {
        var tokens = Tokens.Of(Enumerable.Range(0, 103).ToArray());
        var batches = tokens.ToBatches(new DataOptions { Batch = 9, Seed = 1 }, static n => new Batch(n, 10), static b => (b.Inputs, b.Targets));
        Assert.Equal(1, batches.Count);
        var starts = new HashSet<int>();
        for (var epoch = 0; epoch < 60; epoch++)
        {
            var batch = batches.Get(epoch, null);
            Assert.Equal(batch.Inputs.Ids.Select(static i => i + 1), batch.Targets);
            var first = batch.Inputs.Ids.Min();
            Assert.Equal(Enumerable.Range(first, 90), batch.Inputs.Ids.Order());
            starts.Add(first);
        }

        Assert.Equal(Enumerable.Range(0, 10), starts.Order());
        var measured = tokens.ToBatches(new DataOptions { Batch = 5, ShuffleBuffer = 0 }, static n => new Batch(n, 10), static b => (b.Inputs, b.Targets));
        Assert.Equal(2, measured.Count);
        Assert.Equal(Enumerable.Range(50, 50), measured.Get(1, null).Inputs.Ids);
        var one = Tokens.Of(new[] { 5, 6, 7 }).ToBatches(new DataOptions { Batch = 1 }, static n => new Batch(n, 2), static b => (b.Inputs, b.Targets));
        Assert.Equal([5, 6], one.Get(3, null).Inputs.Ids);
        Assert.Throws<ArgumentException>(() => Tokens.Of(new[] { 5, 6 }).ToBatches(new DataOptions { Batch = 1 }, static n => new Batch(n, 2), static b => (b.Inputs, b.Targets)));
    }

    [Fact]
    public void Texts_become_one_row_of_tokens()
    {
        var tokenizer = new Tokenizer(new WordLevelModel(new Vocabulary(["a", "b", "<end>"])), [new AddedToken("<end>")]) { PreTokenizer = new WhitespaceSplit() };
        var tokens = Tokens.Of(tokenizer, Records.Of(["a b", "", "b"]), "<end>");
        var ids = new int[tokens.Count];
        tokens.Copy(0, ids);
        Assert.Equal([0, 1, 2, 2, 1, 2], ids);
    }

    private sealed class Batch(int rows, int length)
    {
        public Rows Inputs { get; } = new(rows, length);

        public int[] Targets { get; } = new int[rows * length];
    }

    private sealed class Rows(int rows, int length) : TokenBatch(rows, length, 1_000, 64);
}
