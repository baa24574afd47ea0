using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples;

/// <summary>Trains <see cref="CaptionGpt"/> on captions as characters and lets it write some.</summary>
internal static class LettersExample
{
    private const int BatchSize = 24;
    private const int Steps = 600;

    public static void Run()
    {
        var world = new ShapesWorld(seed: 0);
        var text = new CharacterText(string.Join('\n', Enumerable.Range(0, 4_000).Select(i => world[i].Caption)) + "\n");
        using var model = new CaptionGpt(seed: 1);
        model.Fit(Captions(text, Split.Train), new FitOptions { Steps = Steps }, Captions(text, Split.HeldOut));
        Console.WriteLine("\nIt writes:");
        Console.WriteLine(Write(model, text.Vocabulary, 300));
        EmittedCode.Show("ModelCompiler.Models.Small.CaptionGpt");
    }

    // Each batch is of other places of the text.
    private static IBatches<CaptionGpt.Batch> Captions(CharacterText text, Split split)
    {
        var windows = text.Windows(CaptionGpt.Tokens.MaxLength, split);
        return Batches.Of<CaptionGpt.Batch>((number, reuse) =>
        {
            var batch = reuse ?? new CaptionGpt.Batch(new CaptionGpt.Tokens(BatchSize, windows.Length));
            windows.Sample(1, number, batch.Inputs.Ids, batch.Targets);
            return batch;
        });
    }

    // Each character is drawn from the probabilities of the model, sharpened a little.
    private static string Write(CaptionGpt model, CharacterVocabulary vocabulary, int length)
    {
        var random = new Random(1);
        var ids = vocabulary.Encode("\n").ToList();
        while (ids.Count < length)
        {
            var window = ids.TakeLast(CaptionGpt.Tokens.MaxLength).ToArray();
            var tokens = new CaptionGpt.Tokens(1, window.Length);
            window.CopyTo(tokens.Ids, 0);
            var logits = model.Forward(tokens).Logits.AsSpan((window.Length - 1) * CaptionGpt.Tokens.VocabularySize, vocabulary.Count);
            ids.Add(Draw(logits, random));
        }

        return vocabulary.Decode(ids.ToArray()).Trim();
    }

    private static int Draw(ReadOnlySpan<float> logits, Random random)
    {
        var weights = new double[logits.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Exp(logits[i] / 0.7);
        }

        var at = random.NextDouble() * weights.Sum();
        var chosen = 0;
        while (chosen < weights.Length - 1 && (at -= weights[chosen]) > 0)
        {
            chosen++;
        }

        return chosen;
    }
}
