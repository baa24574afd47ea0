using System.Formats.Tar;
using System.Text;
using System.Text.Json;

namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>WebDataset shards: what the runtime's own library writes in every format is found, and archives that lie are refused.</summary>
public sealed class ShardTests : IDisposable
{
    private static readonly (string Name, byte[] Bytes)[] s_files =
    [
        ("x/a.png", [1, 2, 3]), ("x/a.json", "{\"captions\":[\"one\",\"two\"]}"u8.ToArray()), ("x/b.seg.png", new byte[1_500]), ("x/b.txt", " three \n"u8.ToArray()), ("c.JPG", []), ("c.txt", "four"u8.ToArray()),
    ];

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TarEntryFormat.V7, false), InlineData(TarEntryFormat.Ustar, true), InlineData(TarEntryFormat.Pax, false), InlineData(TarEntryFormat.Gnu, true)]
    public void Records_are_files_of_one_name(TarEntryFormat format, bool isPacked)
    {
        var tar = ScratchFolder.Tar(format, s_files);
        var path = _folder.Write("s.tar", isPacked ? ScratchFolder.Gzip(tar) : tar);
        using var shards = ShardSet.Open(path, path);
        Assert.Equal([3, 3], shards.Parts);
        Assert.Equal(["x/a", "x/b", "c", "x/a"], Enumerable.Range(0, 4).Select(i => shards.KeyOf(i)));
        Assert.Equal($"{path}: c", shards.NameOf(2));
        var (a, b, c) = (shards.Read(3), shards.Read(1), shards.Read(2));
        Assert.Equal(["png", "json"], a.Extensions);
        Assert.Equal([1, 2, 3], a.Bytes("png"));
        Assert.Equal(1_500, b.Bytes("seg.png").Length);
        Assert.Empty(c.Bytes("JPG"));
        Assert.Equal(["one", "two"], a.ToCaptionedPicture().Captions);
        Assert.Equal(["four"], c.ToCaptionedPicture().Captions);
        Assert.Contains("x/b has no file .json; it has .seg.png and .txt.", Assert.Throws<InvalidDataException>(() => b.Json()).Message);
        Assert.Contains("there is no field 'caption'; there are captions", Assert.Throws<InvalidDataException>(() => a.ToCaptionedPicture("caption")).Message);
    }

    // As tar writes them for a folder's "." with what file managers leave there, and as cameras name files.
    [Fact]
    public void Folders_that_begin_with_a_dot_hidden_files_and_large_endings_are_understood()
    {
        using var shards = ShardSet.Open(_folder.WriteTar("s.tar", TarEntryFormat.Ustar,
            ("./.DS_Store", [9]), ("./a.JPG", [1]), ("./._a.JPG", [9]), ("./a.TXT", "one"u8.ToArray()), ("./x.d/.hidden.txt", [9]), ("././x.d/b.Seg.PNG", [2]), ("./x.d/b.Json", "{\"captions\":[\"two\"]}"u8.ToArray()), (".c.txt", [9])));
        Assert.Equal(["a", "x.d/b"], Enumerable.Range(0, (int)shards.Count).Select(i => shards.KeyOf(i)));
        var (a, b) = (shards.Read(0), shards.Read(1));
        Assert.Equal(["jpg", "txt", "seg.png", "json"], [.. a.Extensions, .. b.Extensions]);
        Assert.Equal([1], a.Bytes("jpg"));
        Assert.Equal([1], a.Bytes("JPG"));
        Assert.Equal(["one"], a.ToCaptionedPicture().Captions);
        Assert.Equal(["two"], b.ToCaptionedPicture().Captions);
        Assert.Contains("'a' has two files .jpg", Error(ScratchFolder.Tar(TarEntryFormat.Ustar, ("a.jpg", []), ("./a.JPG", []))));
    }

    [Theory]
    [InlineData(TarEntryFormat.Ustar), InlineData(TarEntryFormat.Pax), InlineData(TarEntryFormat.Gnu)]
    public void Long_names_are_whole(TarEntryFormat format)
    {
        var (folder, name) = (new string('f', 120), new string('n', 90));
        var ü = format == TarEntryFormat.Pax ? "ü" : "u";
        using var shards = ShardSet.Open(_folder.WriteTar("s.tar", format, ($"{folder}/{name}{ü}.png", [7]), ("b.png", [8])));
        Assert.Equal(($"{folder}/{name}{ü}", "b"), (shards.KeyOf(0), shards.KeyOf(1)));
        Assert.Equal(7, shards.Read(0).Bytes("png").Single());
    }

    [Fact]
    public void Keys_that_come_back_and_endings_that_are_there_twice_are_refused()
    {
        Assert.Contains("'a' comes back", Error(ScratchFolder.Tar(TarEntryFormat.Ustar, ("a.png", []), ("b.png", []), ("a.txt", []))));
        Assert.Contains("two files .png", Error(ScratchFolder.Tar(TarEntryFormat.Ustar, ("a.png", []), ("a.png", []))));
    }

    [Fact]
    public void Archives_that_are_cut_short_or_lie_are_refused()
    {
        var good = ScratchFolder.Tar(TarEntryFormat.Ustar, ("a.bin", new byte[1_000]));
        Assert.Contains("'a.bin' has 1000 bytes, and the archive 999 more", Error(good[..1_511]));
        Assert.Contains("511 bytes of a header", Error(good[..511]));
        using (var whole = ShardSet.Open(_folder.Write("w.tar", good[..1_512])))
            Assert.Equal(1_000, whole.Read(0).Bytes("bin").Length); // neither padding nor an end
        var bad = (byte[])good.Clone();
        bad[0] = (byte)'b';
        Assert.Contains("the checksum of a header is", Error(bad));
        Assert.Contains("the length of a header is no number", Error(Changed(good, static h => h[130] = (byte)'9')));
        Assert.Contains($"has {long.MaxValue} bytes", Error(Changed(good, static h =>
        {
            h[124..136].Fill(0xFF);
            h[124] = 0x80;
            h[125..128].Clear();
            h[128] = 0x7F;
        })));
        Assert.Contains("s.tar: ", Error("this is no archive, though it is long enough: "u8.ToArray().Concat(new byte[600]).ToArray()));
        Assert.Contains("legal is up to 65536", Error(Changed([.. ScratchFolder.Tar(TarEntryFormat.Ustar, ("a.bin", new byte[100_000]))], static h => h[156] = (byte)'x')));
        Assert.Contains("attributes that are none", Error(Changed(ScratchFolder.Tar(TarEntryFormat.Ustar, ("a.bin", "99 path=b\n"u8.ToArray())), static h => h[156] = (byte)'x')));
        using var empty = ShardSet.Open(_folder.Write("e.tar", []));
        Assert.Equal(0, empty.Count);
        Assert.Contains("holds", Assert.Throws<FileNotFoundException>(() => ShardSet.Open(Path.Combine(_folder.Path, "no.tar"))).Message);
    }

    // A name or attributes are headers of their own before a file's: an archive that ends behind them lost the file.
    [Theory]
    [InlineData(TarEntryFormat.Pax), InlineData(TarEntryFormat.Gnu)]
    public void An_archive_may_end_behind_a_file_alone(TarEntryFormat format)
    {
        var good = ScratchFolder.Tar(format, ("a.bin", [1, 2, 3]), ($"{new string('n', 120)}.bin", [4]));
        using var whole = SeekableFile.Open(_folder.Write("w.tar", good));
        var ends = TarIndex.Read(whole).Select(static m => m.Start + m.Length).ToArray();
        for (var length = 0; length <= good.Length; length++)
        {
            using var cut = SeekableFile.Open(_folder.Write("s.tar", good[..length]));
            var files = ends.Count(e => e <= length);
            var isWhole = length == 0 || length >= ((ends[1] + 511) / 512 * 512) + 512 || (files > 0 && length <= (ends[files - 1] + 511) / 512 * 512);
            if (isWhole)
                Assert.Equal(files, TarIndex.Read(cut).Count);
            else
                Assert.StartsWith(cut.Name, Assert.Throws<InvalidDataException>(() => TarIndex.Read(cut)).Message);
        }
    }

    private delegate void Change(Span<byte> header);

    // A header with its checksum set right again.
    private static byte[] Changed(byte[] tar, Change change)
    {
        var bytes = (byte[])tar.Clone();
        change(bytes.AsSpan(0, 512));
        bytes.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(bytes.Take(512).Sum(static b => b), 8).PadLeft(6, '0') + "\0", bytes.AsSpan(148));
        return bytes;
    }

    private string Error(byte[] bytes)
    {
        var message = Assert.Throws<InvalidDataException>(() => ShardSet.Open(_folder.Write("s.tar", bytes))).Message;
        Assert.StartsWith(Path.Combine(_folder.Path, "s.tar"), message);
        return message;
    }

    [Fact]
    public void Real_shards_plain_and_packed()
    {
        var folder = SharedData.Find("emoji");
        string[] names = ["noto.tar", "twemoji.tar", "openmoji.tar.gz", "fxemoji.tar.gz", "fluent.tar"];
        using var shards = ShardSet.Open([.. names.Select(n => Path.Combine(folder, n))]);
        Assert.Equal([1881, 1881, 1889, 884, 1807], shards.Parts);
        var table = CsvTable.Read(Path.Combine(folder, "captions.csv"));
        Assert.Equal(1_889, table.Count);
        var captions = Enumerable.Range(0, (int)table.Count).Select(i => table.Read(i)).ToDictionary(static r => r["code"], static r => new[] { r["caption1"], r["caption2"], r["caption3"] });
        Assert.Equal(5_667, captions.Values.SelectMany(static c => c).Distinct(StringComparer.Ordinal).Count());
        for (var i = 0L; i < shards.Count; i += 7)
        {
            var picture = shards.Read(i).ToCaptionedPicture();
            Assert.Equal(captions[picture.Name], picture.Captions);
            Assert.True(picture.Bytes.Span[1..].StartsWith("PNG"u8));
        }

        using var split = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "split.json")));
        var unseen = split.RootElement.GetProperty("unseen").EnumerateArray().Select(static e => e.GetString()!).ToHashSet();
        using var training = ShardSet.Open([.. names[..4].Select(n => Path.Combine(folder, n))]);
        Assert.Equal(5_966, training.Where(i => !unseen.Contains(training.KeyOf(i))).Count);
    }

    [Fact]
    public void A_real_folder_with_a_table()
    {
        var folder = SharedData.Find("emoji/folder");
        var set = CaptionTables.ReadCsv(Path.Combine(folder, "captions.csv"), "path", ["caption"]);
        Assert.Equal(32, set.Count);
        Assert.Equal("the flag of Côte d’Ivoire", set.Read(1).Captions.Single());
        Assert.All(Enumerable.Range(0, 32), i => Assert.True(set.Read(i).Bytes.Length > 100));
    }
}
