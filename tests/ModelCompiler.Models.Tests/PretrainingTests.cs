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
    private const int Pictures = 9_000;

    [Fact]
    [Trait("suite", "slow")]
    public void Both_losses_of_a_small_bert_fall()
    {
        var file = Folders.Shared("data", "text", "multi30k.train.captions.tsv.gz");
        Assert.SkipWhen(file is null, "there is no shared/data/text above the tests");
        using var lines = TextLines.Open(file!);
        IReadOnlyList<string>[] pictures = [.. Enumerable.Range(0, Pictures).Select(i => lines.Read(i).Split('\t')[1..])];
        var tokenizer = TokenizerTraining.WordPiece(pictures.SelectMany(static p => p), new VocabularyTraining { Size = TextBert.Tokens.VocabularySize });
        var sentences = new SentencePairs(pictures); // what is said of one picture is one document
        var training = Batches(sentences.Where(static i => i % 20 != 0), tokenizer, shuffle: null);
        var heldOut = Batches(sentences.Where(static i => i % 20 == 0), tokenizer, shuffle: 0);

        using var model = new TextBert(new CpuDevice(Environment.ProcessorCount), seed: 1);
        var (words, next) = Losses(model, heldOut);
        Assert.InRange(words, 7.3, 7.9); // ln 2,000 = 7.60
        Assert.InRange(next, 0.65, 0.80); // ln 2 = 0.69
        model.Fit(training, new FitOptions { Steps = 1_000, Output = TextWriter.Null });
        var (wordsAfter, nextAfter) = Losses(model, heldOut);
        TestContext.Current.SendDiagnosticMessage($"hidden words {words:F3} -> {wordsAfter:F3}, next sentence {next:F3} -> {nextAfter:F3}");
        Assert.InRange(wordsAfter, 0, 5.2);
        Assert.InRange(nextAfter, 0, 0.65);
    }

    private static DataBatches<SentencePlace, TextBert.Batch> Batches(IRecords<SentencePlace> sentences, Tokenizer tokenizer, int? shuffle) => sentences.ToMaskedBatches(
        tokenizer, new Masking(tokenizer) { WholeWords = true }, new DataOptions { Batch = BatchSize, Seed = 1, ShuffleBuffer = shuffle },
        static rows => new TextBert.Batch(new TextBert.Tokens(rows, 40)), static batch => (batch.Inputs, batch.Targets, batch.NextSentence));

    // Each loss alone: targets of the other do not count.
    private static (double Words, double Next) Losses(TextBert model, IBatches<TextBert.Batch> batches)
    {
        const int Count = 24;
        var (words, next) = (0.0, 0.0);
        for (var number = 0; number < Count; number++)
        {
            var batch = batches.Get(number, null);
            var labels = (int[])batch.NextSentence.Clone();
            Array.Fill(batch.NextSentence, -1);
            words += model.Evaluate(batch).Loss / Count;
            labels.CopyTo(batch.NextSentence, 0);
            Array.Fill(batch.Targets, -1);
            next += model.Evaluate(batch).Loss / Count;
        }

        return (words, next);
    }
}
