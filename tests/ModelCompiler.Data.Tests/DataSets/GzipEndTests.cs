using System.IO.Compression;

namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>Packed files that were cut are refused wherever they were cut; whole ones are read, in one member or in several.</summary>
public sealed class GzipEndTests
{
    private static readonly string s_lines = string.Concat(Enumerable.Range(0, 3_000).Select(static i => $"line {i} {i * 7919 % 1000}\n"));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_file_that_was_cut_is_refused(int members)
    {
        using var folder = new ScratchFolder();
        var (path, whole) = (Path.Combine(folder.Path, "lines.txt.gz"), Packed(members));
        File.WriteAllBytes(path, whole);
        Assert.Equal(3_000, TextLines.Open(path).Count);
        foreach (var length in new[] { 2, 9, 11, 40, whole.Length / 2, whole.Length - 9, whole.Length - 8, whole.Length - 4, whole.Length - 1 })
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => TextLines.Open(path)).Message);
        }
    }

    [Fact]
    public void A_header_with_a_name_is_walked_over_and_what_stands_behind_is_left_alone()
    {
        using var folder = new ScratchFolder();
        var (path, plain) = (Path.Combine(folder.Path, "lines.txt.gz"), Packed(1));
        byte[] named = [.. plain[..3], 8 | 4, .. plain[4..10], 2, 0, 1, 2, .. "name\0"u8, .. plain[10..]];
        File.WriteAllBytes(path, [.. named, 0, 0, 0, 0, 0]);
        Assert.Equal(3_000, TextLines.Open(path).Count);
        File.WriteAllBytes(path, named[..^1]);
        Assert.Contains("cut", Assert.Throws<InvalidDataException>(() => TextLines.Open(path)).Message);
    }

    private static byte[] Packed(int members)
    {
        var all = new MemoryStream();
        foreach (var part in s_lines.Chunk((s_lines.Length / members) + 1))
        {
            using var gzip = new GZipStream(all, CompressionLevel.Optimal, leaveOpen: true);
            gzip.Write(System.Text.Encoding.ASCII.GetBytes(part));
        }

        return all.ToArray();
    }
}
