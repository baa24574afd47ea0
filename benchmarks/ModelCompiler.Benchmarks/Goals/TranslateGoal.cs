using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Evaluation;
using ModelCompiler.Examples;
using ModelCompiler.Examples.Translation;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>
/// Trains a tokenizer and <see cref="Translator"/> on the pairs of Multi30k and translates the test's English. What training may take is time of two processors, which other processes hardly
/// change; no choice was made by the test.
/// </summary>
internal static class TranslateGoal
{
    private const string Name = "translate";
    private const double Goal = 31;
    private const double MostProcessorSeconds = 2 * 1_200;
    private const ulong Seed = 1;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants(Name))
        {
            yield break;
        }

        var goal = $">= {Goal:F0} BLEU in {MostProcessorSeconds:F0} s of processors";
        if (SharedFolder.Find("data", "text", "multi30k.train.en-de.tsv.gz") is not { } file)
        {
            yield return Line.Absent(Name, goal, "there is no shared/data/text/multi30k.train.en-de.tsv.gz above this program");
            yield break;
        }

        var folder = Path.GetDirectoryName(file)!;
        using var model = new Translator(context.Device, Seed);
        var training = default(TranslationTraining)!;
        var time = Sample.Of(() =>
        {
            training = new TranslationTraining(model, TranslationPair.Read(folder, "train"));
            model.Fit(training.Batches(Seed), new FitOptions { Steps = TranslationTraining.Steps, Output = TextWriter.Null });
        });
        var (validation, _) = Translate(training, TranslationPair.Read(folder, "val"));
        var (bleu, said) = Translate(training, TranslationPair.Read(folder, "test"));
        var spent = time.Seconds * time.Busy;
        yield return new Line(Name, $"{bleu.Score:F1} BLEU", goal, bleu.Score >= Goal && spent <= MostProcessorSeconds ? Outcome.Met : Outcome.Short,
            $"sacreBLEU of 1,000 texts of test2016 as they are written, with {TranslationTraining.Beams} beams ({string.Join('/', bleu.Precisions.Select(static p => $"{p:F1}"))}, brevity penalty {bleu.BrevityPenalty:F3}); "
            + $"of the validation's {validation.Score:F1}; {TranslationTraining.Steps} steps of {TranslationTraining.BatchSize} pairs, {TranslationTraining.Steps * (double)TranslationTraining.BatchSize / training.Count:F1} epochs, "
            + $"in {spent:F0} s of processors, {time.Seconds:F0} s; translated in {said.Seconds * said.Busy:F0} s of processors; seed {Seed}, {context.Threads} threads");
    }

    private static (SacreBleu Bleu, Sample Time) Translate(TranslationTraining training, TranslationPair[] pairs)
    {
        string[] translations = [];
        var time = Sample.Of(() => translations = training.Translate([.. pairs.Select(static p => p.Source)]));
        return (TranslationTraining.Score(translations, pairs), time);
    }
}
