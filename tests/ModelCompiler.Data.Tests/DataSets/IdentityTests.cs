namespace ModelCompiler.Data.Tests.DataSets;

/// <summary>What a checkpoint keeps of its data: other classes or columns are other data, and another place is none.</summary>
public sealed class IdentityTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_of_other_classes_are_other_data()
    {
        string[] same = [Classes("a", ("cat", 0, 3), ("dog", 3, 3)), Classes("moved/a", ("cat", 0, 3), ("dog", 3, 3))];
        string[] others = [Classes("b", ("car", 0, 3), ("plane", 3, 3)), Classes("c", ("cat", 0, 2), ("dog", 2, 4))];
        Assert.Equal(same[0], same[1]);
        Assert.Contains("'0.png' to '5.png' (", same[0]);
        Assert.Contains(") of cat (3) and dog (3), in batches of 2", same[0]);
        Assert.DoesNotContain(_folder.Path, same[0]);
        Assert.Equal(3, others.Append(same[0]).Distinct().Count());
    }

    [Fact]
    public void Tables_of_other_columns_are_other_data()
    {
        var (first, moved, other) = (Table("a/t.csv", "path,caption"), Table("b/t.csv", "path,caption"), Table("c/t.csv", "path,title"));
        Assert.Equal(Identity(CsvTable.Read(first)), Identity(CsvTable.Read(moved)));
        Assert.NotEqual(Identity(CsvTable.Read(first)), Identity(CsvTable.Read(other)));
        var captions = Identity(CaptionTables.ReadCsv(first, "path", ["caption"]));
        Assert.Contains(" of path and caption, ", captions);
        Assert.Equal(captions, Identity(CaptionTables.ReadCsv(moved, "path", ["caption"])));
        Assert.NotEqual(captions, Identity(CaptionTables.ReadCsv(other, "path", ["title"])));
        var json = _folder.Write("a.jsonl", "{\"p\":\"a\",\"x\":\"b\",\"y\":\"c\"}\n");
        Assert.NotEqual(Identity(CaptionTables.ReadJsonLines(json, "p", ["x"])), Identity(CaptionTables.ReadJsonLines(json, "p", ["y"])));
    }

    [Fact]
    public void Sets_of_others_keep_their_marks()
    {
        IRecords<int> Of(string mark) => Records.Of(2, static i => (int)i, marks: [mark]);
        foreach (var make in new Func<IRecords<int>, IRecords<int>>[] { static r => r.Select(static i => i + 1), static r => r.Where(static i => i > 0), static r => Records.Concat(r, r) })
            Assert.NotEqual(Identity(make(Of("a"))), Identity(make(Of("b"))));
        Assert.Equal(["a", "b"], Records.Concat(Of("a"), Of("b")).Marks);
        Assert.Empty(Records.Of(2, static i => i).Marks);
    }

    private static string Identity<TRecord>(IRecords<TRecord> records) => records.ToBatches(new DataOptions { Batch = 2 }, static n => new int[n], static (_, _, _) => { }).Identity;

    private string Classes(string folder, params (string Name, int First, int Count)[] classes)
    {
        foreach (var (name, first, count) in classes)
        {
            for (var i = first; i < first + count; i++)
                _folder.Write($"{folder}/{name}/{i}.png", "");
        }

        return Identity(ClassFolders.Open(Path.Combine(_folder.Path, folder)));
    }

    private string Table(string name, string columns) => _folder.Write(name, $"{columns}\na,b\nc,d\n");
}
