using ModelCompiler.Data;
using ModelCompiler.Models.Small;

namespace ModelCompiler.Examples;

/// <summary>Trains the tokenizer that <see cref="ShapesCaptions"/> names, on captions: what it writes is the file in the models' project.</summary>
internal static class VocabularyExample
{
    private const int Captions = 4_000;

    public static void Run(string? folder)
    {
        folder ??= "captions-tokenizer";
        var tokenizer = Train();
        tokenizer.Save(folder);
        var caption = new ShapesWorld(seed: 0).Draw(Split.HeldOut, 0).Caption;
        Console.WriteLine($"{Path.Combine(folder, "tokenizer.json")} has {tokenizer.Vocabulary.Count} tokens, learnt from {Captions:N0} captions.");
        Console.WriteLine($"  {caption}\n  {string.Join(' ', tokenizer.Encode(caption).Tokens)}");
    }

    /// <summary>Pairs of letters are merged until every word of the captions is a token.</summary>
    public static Tokenizer Train()
    {
        var world = new ShapesWorld(seed: 0);
        return TokenizerTraining.WordPiece(Enumerable.Range(0, Captions).Select(i => world.Draw(Split.Train, i).Caption), new VocabularyTraining { Size = 1_000 });
    }
}
