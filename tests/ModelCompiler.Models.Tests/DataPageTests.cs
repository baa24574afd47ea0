using System.Formats.Tar;
using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Training;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>The examples of docs/data.md compile and run: they are this file's, line by line, but for what is asked of the run.</summary>
public sealed class DataPageTests : IDisposable
{
    private static readonly string[] s_page = File.ReadAllLines(Path.Combine(Folders.Root, "docs", "data.md"));

    private readonly string _output = Directory.CreateTempSubdirectory("data").FullName;

    public void Dispose() => Directory.Delete(_output, recursive: true);

    [Fact]
    public void The_examples_run()
    {
        string folder = Path.Combine(_output, "flowers"), table = Path.Combine(_output, "pairs.csv"), file = Path.Combine(_output, "train.bin"), text = Path.Combine(_output, "text.txt");
        string first = Path.Combine(_output, "a.tar"), second = Path.Combine(_output, "b.tar");
        WriteSamples(folder, table, first, second, text);
        var tokenizer = TokenizerTraining.WordPiece(File.ReadLines(text), new VocabularyTraining { Size = 1 });
        var book = File.ReadAllText(text);
        string[] unseen = ["2"];
        using var model = new ShapesVit(new CpuDevice(2), seed: 1);

        ClassFolders flowers = ClassFolders.Open(folder);                   // a folder of pictures for each class
        DataBatches<ClassifiedPicture, ShapesVit.Batch> training = flowers.Where(i => i % 5 != 0).ToBatches(
            PicturePreprocessor.Vit(32), new DataOptions { Batch = 16, Seed = 1 }, rows => new ShapesVit.Batch(new ShapesVit.Pictures(rows)), batch => (batch.Inputs, batch.Labels));
        FitResult result = model.Fit(training, new FitOptions { Steps = 4, Output = TextWriter.Null });

        Assert.Equal((4, 2, 0), (result.Steps, flowers.Classes.Count, training.SkippedCount));
        Assert.Equal([0, 1], training.Get(0, null).Labels.Distinct().Order());

        IRecords<CaptionedPicture> pairs = CaptionTables.ReadCsv(table, picture: "path", captions: ["caption", "caption2"]);
        var captions = pairs.ToBatches(
            new DataOptions { Batch = 4, Seed = 1 }, rows => new CaptionBert.Tokens(rows, 24),
            (pair, batch, row) => tokenizer.FillRow(batch, row.Index, pair.Caption(row), truncate: true));      // another caption in each epoch, drawn by seed

        Assert.Equal(tokenizer.Vocabulary["[CLS]"], captions.Get(3, null).Ids[0]);

        using ShardSet shards = ShardSet.Open(first, second);                          // tar archives; opening them reads headers alone
        IRecords<CaptionedPicture> known = shards.Where(i => !unseen.Contains(shards.KeyOf(i))).Select(record => record.ToCaptionedPicture("captions"));
        WeightedRecords<CaptionedPicture>[] mixed = [new(known, 3), new(pairs, 1)];    // three of the one for one of the other
        var both = mixed.ToBatches(
            new DataOptions { Batch = 4, ShuffleBuffer = 1_000 }, rows => new CaptionBert.Tokens(rows, 24),
            (pair, batch, row) => tokenizer.FillRow(batch, row.Index, pair.Caption(row, CaptionChoice.First)));

        Assert.Equal((4, 2), (known.Count, known.Parts.Count));
        Assert.Equal(4, both.Get(7, null).Count);

        using TextLines lines = TextLines.Open(text);
        TokenFile.Write(file, TokenWidth.Two, Tokens.Encode(tokenizer, lines));        // ids of 16 bits, as nanoGPT's train.bin
        using TokenFile tokens = TokenFile.Open(file, TokenWidth.Two, vocabulary: CaptionGpt.Tokens.VocabularySize);
        var stretches = tokens.ToBatches(                                              // and Tokens.Of(tokenizer, lines) where they fit into memory
            new DataOptions { Batch = 4, Seed = 1 }, rows => new CaptionGpt.Batch(new CaptionGpt.Tokens(rows, 8)), batch => (batch.Inputs, batch.Targets));

        var stretch = stretches.Get(2, null);
        Assert.Equal(stretch.Inputs.Ids[1..8], stretch.Targets[..7]);

        var padded = lines.ToBatches(
            new DataOptions { Batch = 4, Seed = 1 }, line => Math.Min(64, tokenizer.CountTokens(line)), (rows, length) => new TextBert.Tokens(rows, length),
            (line, batch, row) => tokenizer.FillRow(batch, row.Index, line));

        Assert.Equal(4, padded.Get(2, null).Count);

        var masking = new Masking(tokenizer) { WholeWords = true };                    // 15% are chosen: 80% hidden, 10% another token, 10% as they are
        var hidden = lines.ToMaskedBatches(
            tokenizer, masking, new DataOptions { Batch = 4, Seed = 1 }, rows => new CaptionBert.Batch(new CaptionBert.Tokens(rows, 24)), batch => (batch.Inputs, batch.Targets));

        var sentences = new SentencePairs(Sentences.Split(book));                      // one list of sentences a document
        var next = sentences.ToMaskedBatches(
            tokenizer, masking, new DataOptions { Batch = 4, Seed = 1 }, rows => new TextBert.Batch(new TextBert.Tokens(rows, 64)), batch => (batch.Inputs, batch.Targets, batch.NextSentence));

        Assert.Contains(hidden.Get(0, null).Targets, static t => t >= 0);
        Assert.Equal([0, 1], Enumerable.Range(0, 9).SelectMany(i => next.Get(i, null).NextSentence).Distinct().Order());
    }

    [Fact]
    public void Every_line_of_an_example_is_tested()
    {
        var tested = File.ReadLines(Path.Combine(Folders.Root, "tests", "ModelCompiler.Models.Tests", "DataPageTests.cs")).Select(static l => l.Trim()).ToHashSet();
        var isCode = false;
        foreach (var line in s_page)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isCode = line == "```csharp";
            else if (isCode && line.Length > 0)
                Assert.Contains(line.Replace("Checkpoints = \"runs/flowers\"", "Output = TextWriter.Null", StringComparison.Ordinal).Trim(), tested);
        }
    }

    [Fact]
    public void The_page_names_every_option_and_every_source()
    {
        var page = string.Join('\n', s_page);
        Assert.All(typeof(DataOptions).GetProperties().Where(static p => p.DeclaringType == typeof(DataOptions)), option => Assert.Contains($"`{option.Name}`", page));
        var sources = typeof(IRecords<>).Assembly.GetExportedTypes().Where(static t => t.GetInterfaces().Any(static i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRecords<>)));
        Assert.All(sources, source => Assert.Contains($"`{source.Name}", page));
    }

    private static void WriteSamples(string folder, string table, string first, string second, string text)
    {
        for (var i = 0; i < 20; i++)
        {
            Directory.CreateDirectory(Path.Combine(folder, $"class{i % 2}"));
            new Picture(2, 1, 3, [(byte)i, 0, 9, 200, (byte)(9 * i), 0]).Save(Path.Combine(folder, $"class{i % 2}", $"{i}.png"));
        }

        File.WriteAllText(table, "path,caption,caption2\nflowers/class0/2.png,a b,c\nflowers/class1/3.png,a,\n");
        File.WriteAllText(text, "Abc de. A bad cab!\nBad cab? A cab, a bed.\nCab abc. De ab.\n");
        foreach (var (path, keys) in new[] { (first, new[] { "1", "2" }), (second, ["3", "4", "5"]) })
        {
            using var tar = new TarWriter(File.Create(path));
            foreach (var key in keys)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{key}.png") { DataStream = new MemoryStream([1]) });
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{key}.json") { DataStream = new MemoryStream("{\"captions\":[\"a b\",\"c\"]}"u8.ToArray()) });
            }
        }
    }
}
