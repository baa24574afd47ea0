using System.Formats.Tar;
using CsCheck;
using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>Readers of files that nobody vouches for: random bytes and files changed at random are read or refused with the documented exception, at once and in little memory.</summary>
public sealed class DataFuzzTests : IDisposable
{
    // Of each reader; MODELCOMPILER_FUZZ says otherwise.
    private static readonly int s_runs = FuzzRuns.Of(300);

    private static readonly Gen<(int At, byte[] Put, int Gone)[]> s_changes = Gen.Select(Gen.Int[0, 1 << 20], Gen.Byte.Array[0, 12], Gen.Int[0, 600]).Array[1, 4];

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(TarEntryFormat.V7), InlineData(TarEntryFormat.Ustar), InlineData(TarEntryFormat.Pax), InlineData(TarEntryFormat.Gnu)]
    public void Tar(TarEntryFormat format)
    {
        var good = ScratchFolder.Tar(format, ("folder/a.png", new byte[700]), (new string('n', 95) + ".json", "{}"u8.ToArray()), ("b.txt", [1]));
        Fuzz(good, static path =>
        {
            using var shards = ShardSet.Open(path);
            ReadAll(shards, static record => Assert.All(record.Extensions.ToArray(), e => Assert.InRange(record.Bytes(e).Length, 0, 4_096)));
        });
    }

    [Fact]
    public void Headers_of_tar_whose_checksum_is_right() => Guard.Run(() => Gen.Select(Gen.Byte.Array[512], Gen.Int[124, 156], Gen.Int[0, 5].Select(static i => "0xgLK5"u8[i])).Sample((noise, at, kind) =>
    {
        var bytes = ScratchFolder.Tar(TarEntryFormat.Ustar, ("a.png", noise));
        noise.AsSpan(0, 156 - at).CopyTo(bytes.AsSpan(at));
        bytes[156] = kind;
        bytes.AsSpan(148, 8).Fill((byte)' ');
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(bytes.Take(512).Sum(static b => b), 8).PadLeft(6, '0'), bytes.AsSpan(148));
        Read(bytes, static path => ShardSet.Open(path).Dispose());
    }, iter: s_runs, threads: 1));

    [Fact]
    public void Cifar() => Fuzz([.. new byte[] { 3 }, .. new byte[3_072], 9, .. new byte[3_072]], static path =>
        ReadAll(CifarDataSet.Read([path], [10], 0), static picture => Assert.InRange(picture.Class, 0, 9)));

    [Fact]
    public void Token_files() => Fuzz([.. Enumerable.Range(0, 400).Select(static i => (byte)(i % 2 == 0 ? i : 0))], static path =>
    {
        using var file = TokenFile.Open(path, TokenWidth.Two, 1_000);
        var ids = new int[file.Count];
        file.Copy(0, ids);
        Assert.All(ids, static id => Assert.InRange(id, 0, 999));
    });

    [Fact]
    public void Csv() => Fuzz("path,caption\na.png,\"one, \"\"two\"\"\"\nb.png,three\n"u8.ToArray(), static path => ReadAll(CsvTable.Read(path), static row => _ = row["caption"]));

    [Fact]
    public void Json_lines() => Fuzz("{\"path\":\"a.png\",\"captions\":[\"one\",\"two\"]}\n{\"path\":\"b.png\",\"captions\":\"three\"}\n"u8.ToArray(), static path =>
    {
        using var lines = JsonLines.Open(path);
        ReadAll(lines, static line => _ = RecordFields.Texts(line, "captions", "line").ToArray());
    });

    [Fact]
    public void Lines_of_text() => Fuzz("one\r\ntwo\n\nÜber\n"u8.ToArray(), static path =>
    {
        using var lines = TextLines.Open(path);
        ReadAll(lines, static _ => { });
    });

    // A record that is broken leaves the others whole.
    private static void ReadAll<T>(IRecords<T> records, Action<T> use)
    {
        for (var i = 0L; i < records.Count; i++)
        {
            try
            {
                use(records.Read(i));
            }
            catch (Exception e) when (BrokenRecord.Is(e))
            {
                Assert.NotEmpty(records.NameOf(i));
            }
        }
    }

    private void Fuzz(byte[] good, Action<string> read)
    {
        Read(good, read);
        Guard.Run(() => Gen.Select(s_changes, Gen.Int[0, 3]).Sample((changes, kind) =>
        {
            var bytes = good;
            foreach (var (at, put, gone) in changes)
            {
                var start = at % (bytes.Length + 1);
                bytes = [.. bytes[..start], .. put, .. bytes[Math.Min(bytes.Length, start + (kind == 0 ? put.Length : gone))..]];
            }

            Read(kind == 3 ? ScratchFolder.Gzip(bytes) : bytes, read);
        }, iter: s_runs, threads: 1));
    }

    private void Read(byte[] bytes, Action<string> read)
    {
        var path = _folder.Write("file", bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(path);
        }
        catch (InvalidDataException e)
        {
            Assert.Contains(path, e.Message);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3_000_000);
    }
}
