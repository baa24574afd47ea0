using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples;

/// <summary>Trains <see cref="CaptionBert"/> to fill in masked words of captions.</summary>
internal static class WordExample
{
    private const int BatchSize = 32;
    private const int Steps = 600;
    private const int HeldOut = 1_024;

    public static void Run()
    {
        var world = new ShapesWorld(seed: 0);
        var tokenizer = Words();
        using var model = new CaptionBert(seed: 1);
        model.Fit(Captions(world, tokenizer, Split.Train), new FitOptions { Steps = Steps }, Captions(world, tokenizer, Split.HeldOut));
        Show(model, world, tokenizer);
        EmittedCode.Show("ModelCompiler.Models.Small.CaptionBert");
    }

    // A word a token, none of them special but the two that stand for none.
    private static Tokenizer Words() => new(new WordLevelModel(new Vocabulary(["[PAD]", "[MASK]", .. ShapesWorld.Vocabulary])), [new AddedToken("[PAD]"), new AddedToken("[MASK]")])
    {
        PreTokenizer = new WhitespaceSplit(),
        PadToken = "[PAD]",
    };

    // Other words are hidden in each epoch; held-out captions come in their own order.
    private static DataBatches<string, CaptionBert.Batch> Captions(ShapesWorld world, Tokenizer tokenizer, Split split) =>
        Records.Of(split == Split.Train ? Steps * BatchSize : HeldOut, index => world.Draw(split, index).Caption).ToMaskedBatches(
            tokenizer, new Masking(tokenizer), new DataOptions { Batch = BatchSize, Seed = 1, ShuffleBuffer = split == Split.Train ? null : 0 },
            static rows => new CaptionBert.Batch(new CaptionBert.Tokens(rows, CaptionGrammar.MaxWords)), static batch => (batch.Inputs, batch.Targets));

    private static void Show(CaptionBert model, ShapesWorld world, Tokenizer tokenizer)
    {
        const int Number = HeldOut / BatchSize - 1; // behind the batches of evaluations
        var batch = Captions(world, tokenizer, Split.HeldOut).Get(Number, null);
        var logits = model.Forward(batch.Inputs).Logits;
        Console.WriteLine("\nCaptions it has not seen, with its words in brackets:");
        for (var i = 0; i < 8; i++)
        {
            var right = world.Draw(Split.HeldOut, (Number * BatchSize) + i).Caption;
            var words = right.Split(' ').Select((word, t) =>
            {
                var at = (i * batch.Inputs.Length) + t;
                return batch.Targets[at] < 0 ? word : $"[{Best(tokenizer, logits.AsSpan(at * CaptionBert.Tokens.VocabularySize, CaptionBert.Tokens.VocabularySize))}]";
            });
            Console.WriteLine($"  {string.Join(' ', words)}\n    right: {right}");
        }
    }

    private static string Best(Tokenizer tokenizer, ReadOnlySpan<float> logits)
    {
        var first = tokenizer.AddedTokens.Count;
        var best = first;
        for (var i = first; i < tokenizer.Vocabulary.Count; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return tokenizer.Vocabulary[best]!;
    }
}
