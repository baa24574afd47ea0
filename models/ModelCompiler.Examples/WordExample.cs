using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples;

/// <summary>Trains <see cref="CaptionBert"/> to fill in masked words of captions.</summary>
internal static class WordExample
{
    private const int BatchSize = 32;
    private const int Steps = 600;
    private const int Padding = 0;
    private const int Mask = 1;
    private const int FirstWord = 2;

    public static void Run()
    {
        var world = new ShapesWorld(seed: 0);
        var idOf = ShapesWorld.Vocabulary.Select(static (word, i) => (word, i)).ToDictionary(static w => w.word, static w => w.i + FirstWord);
        using var model = new CaptionBert(seed: 1);
        model.Fit(Captions(world, idOf, Split.Train), new FitOptions { Steps = Steps }, Captions(world, idOf, Split.HeldOut));
        Show(model, world, idOf);
        EmittedCode.Show("ModelCompiler.Models.Small.CaptionBert");
    }

    private static IBatches<CaptionBert.Batch> Captions(ShapesWorld world, Dictionary<string, int> idOf, Split split) =>
        Batches.Of<CaptionBert.Batch>((number, reuse) => Draw(world, idOf, split, number, reuse ?? NewBatch()));

    private static CaptionBert.Batch NewBatch() => new(new CaptionBert.Tokens(BatchSize, CaptionGrammar.MaxWords));

    // A seventh of the words is masked; the others are not asked for.
    private static CaptionBert.Batch Draw(ShapesWorld world, Dictionary<string, int> idOf, Split split, long number, CaptionBert.Batch batch)
    {
        var random = new Random((int)number);
        var first = number * BatchSize;
        Array.Fill(batch.Targets, -1);
        for (var i = 0; i < BatchSize; i++)
        {
            var words = world.Draw(split, first + i).Caption.Split(' ');
            var masked = random.Next(words.Length);
            for (var t = 0; t < batch.Inputs.Length; t++)
            {
                var at = (i * batch.Inputs.Length) + t;
                var isWord = t < words.Length;
                var isMasked = isWord && (t == masked || random.Next(7) == 0);
                batch.Inputs.Mask[at] = isWord ? 1 : 0;
                batch.Inputs.Ids[at] = !isWord ? Padding : isMasked ? Mask : idOf[words[t]];
                batch.Targets[at] = isMasked ? idOf[words[t]] : -1;
            }
        }

        return batch;
    }

    private static void Show(CaptionBert model, ShapesWorld world, Dictionary<string, int> idOf)
    {
        const int Number = 31; // behind the batches of evaluations
        var batch = Draw(world, idOf, Split.HeldOut, Number, NewBatch());
        var logits = model.Forward(batch.Inputs).Logits;
        Console.WriteLine("\nCaptions it has not seen, with its words in brackets:");
        for (var i = 0; i < 8; i++)
        {
            var words = world.Draw(Split.HeldOut, (Number * BatchSize) + i).Caption.Split(' ').Select((word, t) =>
            {
                var at = (i * batch.Inputs.Length) + t;
                return batch.Inputs.Ids[at] == Mask ? $"[{Best(logits.AsSpan(at * CaptionBert.Tokens.VocabularySize, CaptionBert.Tokens.VocabularySize))}]" : word;
            });
            Console.WriteLine($"  {string.Join(' ', words)}\n    right: {world.Draw(Split.HeldOut, (Number * BatchSize) + i).Caption}");
        }
    }

    private static string Best(ReadOnlySpan<float> logits)
    {
        var best = FirstWord;
        for (var i = FirstWord; i < FirstWord + ShapesWorld.Vocabulary.Count; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return ShapesWorld.Vocabulary[best - FirstWord];
    }
}
