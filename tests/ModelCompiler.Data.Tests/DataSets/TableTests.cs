using System.Text;
using System.Text.Json;

namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>CSV, JSON Lines and lines of text: hard fields and ends of lines, and what is missing is named beside what was found.</summary>
public sealed class TableTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Csv_fields_hold_commas_quotes_line_feeds_and_number_signs()
    {
        var table = CsvTable.Read(_folder.Write("t.csv", "path,caption\na.png,\"one, \"\"two\"\"\nthree\"\r\n#b.png,Crème brûlée\n,\n"));
        Assert.Equal(["path", "caption"], table.Columns);
        Assert.Equal(["a.png", "#b.png", ""], Enumerable.Range(0, 3).Select(i => table.Read(i)["path"]));
        Assert.Equal(["one, \"two\"\nthree", "Crème brûlée", ""], Enumerable.Range(0, 3).Select(i => table.Read(i)["caption"]));
        Assert.Equal(3, table.Count);
        Assert.EndsWith("t.csv, row 2", table.NameOf(1));
    }

    [Fact]
    public void Folders_and_empty_paths_are_no_files()
    {
        _folder.Write("a.txt", "");
        foreach (var open in new Action<string>[] { static p => CsvTable.Read(p), static p => TextLines.Open(p).Dispose(), static p => ShardSet.Open(p).Dispose(), static p => Picture.Read(p), static p => PicturePreprocessor.Load(p) })
        {
            Assert.Equal("An empty path names no file.", Assert.Throws<FileNotFoundException>(() => open("")).Message);
            Assert.Contains(_folder.Path, Assert.Throws<FileNotFoundException>(() => open(_folder.Path)).Message);
        }

        Assert.Equal($"{_folder.Path} is a folder; legal is a file. It holds a.txt.", Assert.Throws<FileNotFoundException>(() => CsvTable.Read(_folder.Path)).Message);
    }

    [Theory]
    [InlineData("a,b\n1,2\n\n", 1)]
    [InlineData("a,b\n1,2\r\n\r\n\n", 1)]
    [InlineData("a,b\n1,2\n\n3,4", 2)]
    [InlineData("a,b\n,\n\n", 1)]
    [InlineData("a,b\n\n\n", 0)]
    [InlineData("a\n1\n\n", 1)]
    [InlineData("a\n1\n\n2\n\n", 3)]
    public void Blank_lines_are_no_rows_but_empty_fields_between(string text, int rows)
    {
        var table = CsvTable.Read(_folder.Write("t.csv", text));
        Assert.Equal(rows, table.Count);
        Assert.All(Enumerable.Range(0, rows), i => Assert.NotNull(table.Read(i)["a"]));
    }

    [Fact]
    public void Missing_columns_and_fields_name_what_was_found()
    {
        var table = CsvTable.Read(_folder.Write("t.tsv", "path\tcaption\na\tb\nc\n"), '\t');
        Assert.Contains("there is no column 'text'; there are path and caption.", Assert.Throws<InvalidDataException>(() => table.Read(0)["text"]).Message);
        Assert.Contains("row 2: 1 fields for the 2 columns, and none for 'caption'", Assert.Throws<InvalidDataException>(() => table.Read(1)["caption"]).Message);
        Assert.Contains("two columns are called 'a'", Assert.Throws<InvalidDataException>(() => CsvTable.Read(_folder.Write("d.csv", "a,a\n"))).Message);
        Assert.Contains("e.csv: ", Assert.Throws<InvalidDataException>(() => CsvTable.Read(_folder.Write("e.csv", ""))).Message);
        Assert.Contains("b.csv: ", Assert.Throws<InvalidDataException>(() => CsvTable.Read(_folder.Write("b.csv", [(byte)'a', (byte)'\n', 0xFF, (byte)'\n']))).Message);
        Assert.Contains("holds b.csv, d.csv, e.csv and t.tsv", Assert.Throws<FileNotFoundException>(() => CsvTable.Read(Path.Combine(_folder.Path, "no.csv"))).Message);
    }

    [Fact]
    public void A_row_of_too_many_fields_is_a_broken_record_and_no_cut_caption()
    {
        foreach (var name in new[] { "a.png", "b.png" })
            _folder.Write(name, name);
        var path = _folder.Write("t.csv", "path,caption\na.png,two dogs, running\nb.png,\"two dogs, running\"\n");
        var error = Assert.Throws<InvalidDataException>(() => CsvTable.Read(path).Read(0));
        Assert.StartsWith($"{path}, row 1: 3 fields for the 2 columns; ", error.Message);
        Assert.True(BrokenRecord.Is(error));
        var set = CaptionTables.ReadCsv(path, "path", ["caption"]);
        Assert.Equal(error.Message, Assert.Throws<InvalidDataException>(() => set.Read(0)).Message);
        Assert.Equal(["two dogs, running"], set.Read(1).Captions);
    }

    [Fact]
    public void Captions_of_csv_and_of_json_lines_are_the_same()
    {
        foreach (var name in new[] { "p/1.png", "p/2.png" })
            _folder.Write(name, name);
        var csv = CaptionTables.ReadCsv(_folder.Write("t.csv", "path,a,b\np/1.png,x,y\np/2.png,z,\np/3.png,z,\np/1.png,,\n"), "path", ["a", "b"]);
        var json = CaptionTables.ReadJsonLines(
            _folder.Write("t.jsonl", "{\"path\":\"p/1.png\",\"a\":[\"x\",\"y\"]}\n\n  \r\n{\"path\":\"p/2.png\",\"a\":\"z\"}\r\n{\"path\":\"p/3.png\",\"a\":\"z\"}\n{\"path\":\"p/1.png\",\"a\":[]}"), "path", ["a"]);
        foreach (var set in new[] { csv, json })
        {
            Assert.Equal(4, set.Count);
            var (first, second) = (set.Read(0), set.Read(1));
            Assert.Equal(("p/1.png", "p/1.png"), (first.Name, Encoding.UTF8.GetString(first.Bytes.Span)));
            Assert.Equal(["x", "y"], first.Captions);
            Assert.Equal(["z"], second.Captions);
            Assert.Contains("holds 1.png and 2.png", Assert.Throws<FileNotFoundException>(() => set.Read(2)).Message);
            Assert.Contains("no caption of 'p/1.png'", Assert.Throws<InvalidDataException>(() => set.Read(3)).Message);
        }

        Assert.EndsWith("t.jsonl:4", json.NameOf(1)); // lines that are blank are counted as lines
        Assert.Contains("there are path, a and b", Assert.Throws<InvalidDataException>(() => CaptionTables.ReadCsv(Path.Combine(_folder.Path, "t.csv"), "file", ["a"])).Message);
        Assert.Contains("there are path and a.", Assert.Throws<InvalidDataException>(() => CaptionTables.ReadJsonLines(Path.Combine(_folder.Path, "t.jsonl"), "path", ["b"])).Message);
    }

    [Fact]
    public void A_caption_is_the_first_or_another_by_epoch()
    {
        var picture = new CaptionedPicture("p", default, ["a", "b", "c"]);
        DataRow Row(long epoch) => new(0, new Draw(epoch, 3), 1, 10);
        Assert.All(Enumerable.Range(0, 20), e => Assert.Equal("a", picture.Caption(Row(e), CaptionChoice.First)));
        Assert.Equal(["a", "b", "c"], Enumerable.Range(0, 20).Select(e => picture.Caption(Row(e))).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(picture.Caption(Row(5)), picture.Caption(Row(5)));
    }

    [Fact]
    public void What_is_not_there_is_said_with_what_is()
    {
        Assert.EndsWith("e.csv: it is empty; legal is a first line with the names of columns", Assert.Throws<InvalidDataException>(() => CsvTable.Read(_folder.Write("e.csv", ""u8))).Message);
        Assert.Contains("holds e.csv", Assert.Throws<FileNotFoundException>(() => Picture.Read(Path.Combine(_folder.Path, "a.png"))).Message);
        Assert.Contains("holds e.csv", Assert.Throws<FileNotFoundException>(() => PicturePreprocessor.Load(_folder.Path)).Message);
        Assert.Contains("holds e.csv", Assert.Throws<DirectoryNotFoundException>(() => MnistDataSet.Read(Path.Combine(_folder.Path, "mnist"))).Message);
        Assert.Contains("holds neither", Assert.Throws<FileNotFoundException>(() => MnistDataSet.Read(_folder.Path)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(static () => TokenizerTraining.ByteLevel(["a"], new VocabularyTraining { Size = -1 }));
    }

    [Fact]
    public void Json_that_is_none_is_one_broken_line()
    {
        using var lines = JsonLines.Open(_folder.Write("t.jsonl", "1\n{\"a\":\n[2]\n"u8));
        Assert.Equal([JsonValueKind.Number, JsonValueKind.Array], [lines.Read(0).ValueKind, lines.Read(2).ValueKind]);
        Assert.Contains("t.jsonl:2: no JSON from byte 6 on: ", Assert.Throws<InvalidDataException>(() => lines.Read(1)).Message);
        Assert.Throws<InvalidDataException>(() => RecordFields.Text(lines.Read(0), "a", "line"));
        var half = JsonElement.Parse("{\"a\":\"\\ud800\",\"\\ud800\":1}");
        Assert.StartsWith("line: Cannot read", Assert.Throws<InvalidDataException>(() => RecordFields.Text(half, "a", "line")).Message);
        Assert.StartsWith("line: Cannot read", Assert.Throws<InvalidDataException>(() => RecordFields.Text(half, "b", "line")).Message);
        var value = JsonElement.Parse("{\"a\":[\"x\",1],\"b\":null}");
        Assert.Contains("'an element of a' is a number", Assert.Throws<InvalidDataException>(() => RecordFields.Texts(value, "a", "line").ToArray()).Message);
        Assert.Contains("line: 'b' is null; legal is a string.", Assert.Throws<InvalidDataException>(() => RecordFields.Text(value, "b", "line")).Message);
    }

    [Fact]
    public void Lines_end_at_line_feeds_alone()
    {
        byte[] text = [0xEF, 0xBB, 0xBF, .. "a\r\n\n b\u2028c\0\r\r\n\u0085"u8];
        foreach (var bytes in new[] { text, ScratchFolder.Gzip(text) })
        {
            using var lines = TextLines.Open(_folder.Write("t", bytes));
            Assert.Equal(["a", "", " b\u2028c\0\r", "\u0085"], Enumerable.Range(0, (int)lines.Count).Select(i => lines.Read(i)));
            using var full = TextLines.Open(Path.Combine(_folder.Path, "t"), skipsBlank: true);
            Assert.Equal(("a", " b\u2028c\0\r", 3), (full.Read(0), full.Read(1), full.Count));
        }

        using var empty = TextLines.Open(_folder.Write("e", ""));
        Assert.Equal(0, empty.Count);
        using var broken = TextLines.Open(_folder.Write("b", [97, 10, 97, 0xC3, 10]));
        Assert.Contains("b:2: no UTF-8 at byte 1", Assert.Throws<InvalidDataException>(() => broken.Read(1)).Message);
    }

    [Fact]
    public void Long_lines_cross_buffers()
    {
        string[] expected = [.. Enumerable.Range(0, 60).Select(static i => new string((char)('a' + (i % 26)), i * i * 50))];
        using var lines = TextLines.Open(_folder.Write("t", string.Join("\r\n", expected)));
        Assert.Equal(expected, Enumerable.Range(0, (int)lines.Count).Select(i => lines.Read(i)));
    }

    [Fact]
    public void Hard_lines_are_read_as_they_are()
    {
        using var hard = TextLines.Open(SharedData.Find("text/hard.txt"));
        using var right = JsonLines.Open(SharedData.Find("text/hard.jsonl"));
        Assert.Equal(100, right.Count);
        Assert.Equal(100, hard.Count);
        for (var i = 0; i < 100; i++)
            Assert.Equal(right.Read(i).GetProperty("text").GetString(), hard.Read(i));
    }

    [Fact]
    public void A_packed_file_cut_short_is_refused()
    {
        var packed = ScratchFolder.Gzip(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 5_000))));
        packed[packed.Length / 2] ^= 0x55;
        Assert.Contains("g: ", Assert.Throws<InvalidDataException>(() => TextLines.Open(_folder.Write("g", packed))).Message);
        Assert.Contains("more than 10 bytes", Assert.Throws<InvalidDataException>(() => SeekableFile.Open(_folder.Write("h", ScratchFolder.Gzip(new byte[11])), 10)).Message);
    }
}
