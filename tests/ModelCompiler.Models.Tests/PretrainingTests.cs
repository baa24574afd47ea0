using System.IO.Compression;
using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Training;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>A small BERT learns from real text: the words of a vocabulary trained on it, hidden tokens, and sentences that follow or do not.</summary>
public sealed class PretrainingTests
{
    private const int BatchSize = 32;
    private const int HeldOut = 48; // batches
    private const int Pictures = 6_000;

    // Where the books begin, which lie one behind the other.
    private static readonly string[] s_titles = ["Frankenstein;\n", "MOBY-DICK;\n", "PRIDE AND PREJUDICE\n", "THE ADVENTURES OF SHERLOCK HOLMES\n"];

    [Fact]
    [Trait("suite", "slow")]
    public void Both_losses_of_a_small_bert_fall()
    {
        IReadOnlyList<string>[] documents = [.. Books().Select(Sentences.Split), .. Captions()];
        var tokenizer = TokenizerTraining.WordPiece(documents.SelectMany(static d => d), new VocabularyTraining { Size = TextBert.Tokens.VocabularySize });
        var sentences = new SentencePairs(documents); // what does not follow is of another book, or said of another picture, or of the other kind
        var training = Batches(sentences.Where(static i => i % 20 != 0), tokenizer, shuffle: null);
        var heldOut = Batches(sentences.Where(static i => i % 20 == 0), tokenizer, shuffle: 0);

        using var model = new TextBert(new CpuDevice(Environment.ProcessorCount), seed: 1);
        var before = Losses(model, heldOut);
        Assert.InRange(before.Words, 7.3, 7.9); // ln 2,000 = 7.60
        Assert.InRange(before.Next, 0.65, 0.80); // ln 2 = 0.69
        model.Fit(training, new FitOptions { Steps = 1_000, Output = TextWriter.Null });
        var after = Losses(model, heldOut);
        TestContext.Current.SendDiagnosticMessage(
            $"hidden words {before.Words:F3} -> {after.Words:F3} (their entropy {after.Entropy:F3}), next sentence {before.Next:F3} -> {after.Next:F3} +- {after.NextError:F3}, with the labels of other pairs {after.Mixed:F3}");

        // Whoever does not look at the text around has the entropy of the hidden words at best.
        Assert.True(after.Words + 0.1 < after.Entropy);

        // Whoever guesses has ln 2 at best, and is off from it by six times the error of the mean never; labels of other pairs tell nothing.
        Assert.True(after.Next + (6 * after.NextError) < Math.Log(2));
        Assert.True(after.Mixed > Math.Log(2));
    }

    // What is said of one picture is one document.
    private static IEnumerable<IReadOnlyList<string>> Captions()
    {
        using var lines = TextLines.Open(Folders.Shared("data", "text", "multi30k.train.captions.tsv.gz")!);
        IReadOnlyList<string>[] pictures = [.. Enumerable.Range(0, Pictures).Select(i => lines.Read(i).Split('\t')[1..])];
        return pictures;
    }

    private static string[] Books()
    {
        var (english, plays) = (Folders.Shared("data", "text", "english.txt.gz"), Folders.Shared("data", "text", "tinyshakespeare.txt"));
        Assert.SkipWhen(english is null || plays is null, "there is no shared/data/text above the tests");
        using var gzip = new GZipStream(File.OpenRead(english!), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        var text = reader.ReadToEnd();
        int[] starts = [0, .. s_titles.Select(t => text.IndexOf("\n" + t, StringComparison.Ordinal)), text.Length];
        Assert.DoesNotContain(-1, starts);
        return [.. Enumerable.Range(0, s_titles.Length + 1).Select(i => text[starts[i]..starts[i + 1]]), File.ReadAllText(plays!)];
    }

    private static DataBatches<SentencePlace, TextBert.Batch> Batches(IRecords<SentencePlace> sentences, Tokenizer tokenizer, int? shuffle) => sentences.ToMaskedBatches(
        tokenizer, new Masking(tokenizer) { WholeWords = true }, new DataOptions { Batch = BatchSize, Seed = 1, ShuffleBuffer = shuffle },
        static rows => new TextBert.Batch(new TextBert.Tokens(rows, 48)), static batch => (batch.Inputs, batch.Targets, batch.NextSentence));

    // Each loss alone: targets of the other do not count. The error is that of the mean of the batches' losses.
    private static (double Words, double Entropy, double Next, double NextError, double Mixed) Losses(TextBert model, IBatches<TextBert.Batch> batches)
    {
        var (words, mixed, next, hidden) = (0.0, 0.0, new double[HeldOut], new List<int>());
        for (var number = 0; number < HeldOut; number++)
        {
            var batch = batches.Get(number, null);
            var labels = (int[])batch.NextSentence.Clone();
            hidden.AddRange(batch.Targets.Where(static t => t >= 0));
            Array.Fill(batch.NextSentence, -1);
            words += model.Evaluate(batch).Loss / HeldOut;
            labels.CopyTo(batch.NextSentence, 0);
            Array.Fill(batch.Targets, -1);
            next[number] = model.Evaluate(batch).Loss;
            for (var row = 0; row < labels.Length; row++)
                batch.NextSentence[row] = labels[(row + 1) % labels.Length];
            mixed += model.Evaluate(batch).Loss / HeldOut;
        }

        var mean = next.Average();
        var entropy = hidden.GroupBy(static t => t).Sum(g => -(double)g.Count() / hidden.Count * Math.Log((double)g.Count() / hidden.Count));
        return (words, entropy, mean, Math.Sqrt(next.Sum(l => (l - mean) * (l - mean)) / (HeldOut - 1) / HeldOut), mixed);
    }
}
