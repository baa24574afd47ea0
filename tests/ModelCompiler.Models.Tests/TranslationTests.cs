using ModelCompiler.Examples.Translation;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Training;
using ModelCompiler.Testing;

namespace ModelCompiler.Models.Tests;

/// <summary>The translation example: what its pairs are, what a row of them says, and that a few are learnt by heart.</summary>
public sealed class TranslationTests
{
    private static readonly TranslationPair[] s_pairs =
    [
        new("A dog runs.", "Ein Hund läuft."),
        new("Two dogs run across the snow.", "Zwei Hunde laufen über den Schnee."),
        new("A man sleeps on a bench.", "Ein Mann schläft auf einer Bank."),
        new("A woman reads a book.", "Eine Frau liest ein Buch."),
        new("A child in a red coat eats an apple.", "Ein Kind in einem roten Mantel isst einen Apfel."),
        new("Three men play music in the street.", "Drei Männer machen Musik auf der Straße."),
    ];

    [Fact]
    public void A_row_has_its_source_and_each_token_of_the_target_behind_the_one_before_it()
    {
        using var model = new Translator(new CpuDevice(1), seed: 1);
        var training = new TranslationTraining(model, s_pairs);
        var batch = training.Batches(seed: 1, rows: 2).Get(0, null);
        for (var row = 0; row < 2; row++)
        {
            var at = new Range(row * batch.Inputs.Length, (row + 1) * batch.Inputs.Length);
            int[] source = Known(batch.Inputs.Encoder), said = Known(batch.Inputs.Decoder);
            int[] targets = [.. batch.Targets[at].TakeWhile(static t => t >= 0)];
            var pair = Assert.Single(s_pairs, p => training.Tokenizer.Decode(source).Trim() == p.Source);
            Assert.Equal((pair.Target, EncodedPair.End), (training.Tokenizer.Decode(targets).Trim(), source[^1]));
            Assert.Equal(said, (int[])[EncodedPair.Start, .. targets[..^1]]);
            Assert.Equal(EncodedPair.End, targets[^1]);
            Assert.All(batch.Targets[at].Skip(targets.Length), static t => Assert.Equal(-1, t));

            int[] Known(TokenBatch tokens)
            {
                var count = tokens.Mask[at].Sum();
                Assert.All(tokens.Mask[at].Take(count), static m => Assert.Equal(1, m));
                Assert.All(tokens.Ids[at].Skip(count), static id => Assert.Equal(EncodedPair.Padding, id));
                return tokens.Ids[at][..count];
            }
        }
    }

    [Fact]
    public void A_few_pairs_are_learnt_by_heart_and_said_again()
    {
        using var model = new Translator(new CpuDevice(2), seed: 1);
        var training = new TranslationTraining(model, s_pairs);
        var batches = training.Batches(seed: 1, rows: s_pairs.Length);
        var before = model.Evaluate(batches.Get(0, null)).Loss;
        Assert.InRange(before, 0.8 * Math.Log(Translator.EncoderTokens.VocabularySize), 1.4 * Math.Log(Translator.EncoderTokens.VocabularySize));
        model.Fit(batches, new FitOptions { Steps = 160, Output = TextWriter.Null });
        Assert.InRange(model.Evaluate(batches.Get(0, null)).Loss, 0, before / 2);
        string[] sources = [.. s_pairs.Select(static p => p.Source)];
        var translations = training.Translate(sources, beams: 3);
        Assert.Equal(s_pairs.Select(static p => p.Target), translations);
        Assert.Equal(100, TranslationTraining.Score(translations, s_pairs).Score, 1e-9);
    }

    [Fact]
    public void The_pairs_are_those_of_multi30k()
    {
        var folder = Folders.Shared("data", "text");
        Assert.SkipUnless(folder is not null, "there is no folder shared/data/text");
        var test = TranslationPair.Read(folder!, "test");
        Assert.Equal((1_000, 1_014), (test.Length, TranslationPair.Read(folder!, "val").Length));
        Assert.Equal(new TranslationPair("A man in an orange hat starring at something.", "Ein Mann mit einem orangefarbenen Hut, der etwas anstarrt."), test[0]);
    }
}
