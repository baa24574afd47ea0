using System.Text.Json;
using ModelCompiler.Data;

namespace ModelCompiler.Examples.Emoji;

/// <summary>A picture of an emoji by one drawer.</summary>
/// <param name="Number">Which emoji: its place in <see cref="EmojiSet.Names"/>.</param>
internal readonly record struct Drawing(int Number, Picture Picture);

/// <summary>Emoji as several drawers see them, their English names and captions, and the split: a drawer and some emoji are kept for tests.</summary>
internal sealed class EmojiSet
{
    private readonly string _folder;
    private readonly Dictionary<string, int> _numbers;
    private readonly HashSet<string> _unseen;

    /// <param name="folder">The folder <c>shared/data/emoji</c>.</param>
    public EmojiSet(string folder)
    {
        _folder = folder;
        var table = CsvTable.Read(Path.Combine(folder, "captions.csv"));
        CsvRow[] rows = [.. Enumerable.Range(0, (int)table.Count).Select(i => table.Read(i))];
        _numbers = rows.Index().ToDictionary(static r => r.Item["code"], static r => r.Index);
        Captions = [.. rows.Select(static r => new[] { r["caption1"], r["caption2"], r["caption3"] })];
        var split = JsonElement.Parse(File.ReadAllText(Path.Combine(folder, "split.json")));
        TrainingDrawers = Texts(split.GetProperty("train_vendors"));
        TestDrawer = split.GetProperty("test_vendor").GetString()!;
        _unseen = [.. Texts(split.GetProperty("unseen"))];
        Unseen = [.. rows.Select(r => _unseen.Contains(r["code"]))];
    }

    /// <summary>Of each emoji its name, then two other captions. All differ.</summary>
    public IReadOnlyList<string[]> Captions { get; }

    /// <summary>English names, one for each emoji.</summary>
    public IReadOnlyList<string> Names => [.. Captions.Select(static c => c[0])];

    /// <summary>Whether an emoji is left out of training, whoever drew it.</summary>
    public IReadOnlyList<bool> Unseen { get; }

    public IReadOnlyList<string> TrainingDrawers { get; }

    /// <summary>The drawer that nothing is chosen by.</summary>
    public string TestDrawer { get; }

    /// <summary>Every picture of a drawer, in order of its code.</summary>
    public Drawing[] Read(string drawer)
    {
        using var shard = ShardSet.Open(Directory.GetFiles(_folder, drawer + ".tar*"));
        return [.. Enumerable.Range(0, (int)shard.Count).Select(i => shard.Read(i)).Select(r => new Drawing(_numbers[r.Key], Picture.Decode(r.Bytes("png"), r.Key)))];
    }

    /// <summary>What some drawers drew of the emoji that training may see.</summary>
    public Drawing[] ReadKnown(IEnumerable<string> drawers) => [.. drawers.SelectMany(Read).Where(d => !Unseen[d.Number])];

    /// <summary>For each emoji the numbers of those whose pictures are the same, bit for bit: itself, and any twins.</summary>
    public IReadOnlyList<int[]> Alike(string drawer)
    {
        int[][] alike = [.. Enumerable.Range(0, Captions.Count).Select(static i => new[] { i })];
        var groups = JsonElement.Parse(File.ReadAllText(Path.Combine(_folder, "same-picture.json"))).GetProperty(drawer);
        foreach (int[] group in groups.EnumerateArray().Select(g => Texts(g).Select(code => _numbers[code]).ToArray()))
        {
            Array.ForEach(group, number => alike[number] = group);
        }

        return alike;
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(static e => e.GetString()!)];
}
