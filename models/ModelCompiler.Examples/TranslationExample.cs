using ModelCompiler.Examples.Translation;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples;

/// <summary>Trains <see cref="Translator"/> on the pairs of Multi30k and shows what it says beside what is right.</summary>
internal static class TranslationExample
{
    private const int Shown = 12;

    public static void Run()
    {
        if (SharedFolder.Find("data", "text", "multi30k.train.en-de.tsv.gz") is not { } file)
        {
            Console.WriteLine("There is no shared/data/text/multi30k.train.en-de.tsv.gz above this program: the texts of this example are not part of the repository.");
            return;
        }

        var folder = Path.GetDirectoryName(file)!;
        using var model = new Translator(seed: 1);
        var training = new TranslationTraining(model, TranslationPair.Read(folder, "train"));
        Console.WriteLine($"A transformer with {model.ParametersByName.Values.Sum(static p => p.Count):N0} parameters and {training.Tokenizer.Vocabulary.Count:N0} pieces of words learns from {training.Count:N0} pairs.\n");
        model.Fit(training.Batches(seed: 1), new FitOptions { Steps = TranslationTraining.Steps });

        var test = TranslationPair.Read(folder, "test");
        var translations = training.Translate([.. test.Select(static p => p.Source)]);
        Console.WriteLine("\nTexts that it has not seen:");
        for (var i = 0; i < Shown; i++)
        {
            var n = i * (test.Length / Shown);
            Console.WriteLine($"  {test[n].Source}\n    says:  {translations[n]}\n    right: {test[n].Target}");
        }

        var bleu = TranslationTraining.Score(translations, test);
        Console.WriteLine($"\nBLEU of {test.Length:N0} texts: {bleu.Score:F1} ({string.Join('/', bleu.Precisions.Select(static p => $"{p:F1}"))}, brevity penalty {bleu.BrevityPenalty:F3}).");
        EmittedCode.Show("ModelCompiler.Models.Small.Translator");
    }
}
