using System.Numerics.Tensors;
using ModelCompiler.Data;
using ModelCompiler.Examples.Emoji;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples;

/// <summary>
/// Trains <see cref="EmojiTowers"/> on emoji of four drawers and their names, or <see cref="EmojiLocked"/> on the same pictures and captions as a published encoder reads them, then
/// finds the one by the other in pictures of a fifth.
/// </summary>
internal static class EmojiExample
{
    private const int Queries = 12, Found = 5, Shown = 64;

    public static void Run()
    {
        if (Set() is not { } set)
        {
            return;
        }

        using var model = new EmojiTowers(seed: 1);
        var training = new TowersTraining(model, set, seed: 1);
        Train("emoji", model, training, set, drawings => model.Fit(training.Pairs(drawings), new FitOptions { Steps = TowersTraining.Steps }));
        EmittedCode.Show("ModelCompiler.Models.Small.EmojiTowers");
    }

    /// <param name="encoder">The folder of all-MiniLM-L6-v2; null: <c>shared/data/minilm</c>.</param>
    public static void RunLocked(string? encoder)
    {
        if (Set() is not { } set)
        {
            return;
        }

        if ((encoder ?? SharedFolder.Find("data", "minilm")) is not { } folder)
        {
            Console.WriteLine("There is no shared/data/minilm above this program: name the folder of all-MiniLM-L6-v2, with config.json, model.safetensors and tokenizer.json.");
            return;
        }

        using var model = new EmojiLocked(seed: 1);
        Console.WriteLine($"all-MiniLM-L6-v2 reads {set.Captions.Sum(static c => c.Length):N0} captions once.");
        var training = new LockedTraining(model, set, folder, seed: 1);
        Train("emoji-locked", model, training, set, drawings => model.Fit(training.Pairs(drawings), new FitOptions { Steps = LockedTraining.Steps }));
        EmittedCode.Show("ModelCompiler.Models.Small.EmojiLocked");
    }

    private static EmojiSet? Set()
    {
        if (SharedFolder.Find("data", "emoji") is { } folder)
        {
            return new EmojiSet(folder);
        }

        Console.WriteLine("There is no shared/data/emoji above this program: the pictures of this example are not part of the repository.");
        return null;
    }

    private static void Train<TBatch>(string name, IModel model, EmojiTraining<TBatch> training, EmojiSet set, Action<Drawing[]> fit)
        where TBatch : class
    {
        var drawings = set.ReadKnown(set.TrainingDrawers);
        Console.WriteLine($"Two towers with {Learning(model):N0} parameters that learn see {drawings.Length:N0} pictures by {string.Join(", ", set.TrainingDrawers)}.\n");
        fit(drawings);
        model.Core.SwapAverage();
        Console.WriteLine($"\nPictures by {set.TestDrawer}, which it has not seen; {set.Captions.Count:N0} names, {set.Unseen.Count(static u => u)} of which it has not seen either:\n{training.Test(set.TestDrawer)}\n");
        Show(name, training, set);
    }

    private static long Learning(IModel model) => model.Core.Parameters.Values.Where(static p => !p.IsFrozen).Sum(static p => (long)p.Count);

    // Names ask for pictures of the drawer that was left out.
    private static void Show<TBatch>(string name, EmojiTraining<TBatch> training, EmojiSet set)
        where TBatch : class
    {
        Drawing[] drawings = set.ReadKnown([set.TestDrawer]);
        var (pictures, every, width) = (training.Encode(drawings), training.EncodeNames(), training.Width);
        float[] names = [.. drawings.SelectMany(d => every[(d.Number * width)..((d.Number + 1) * width)])];
        using var index = new VectorIndex(pictures, width);
        int[] queries = Spread(Queries, drawings.Length);
        int[][] found = [.. queries.Select(q => index.Search(names.AsMemory(q * width, width), Found).Select(static n => n.Number).ToArray())];
        foreach (var (query, right) in queries.Zip(found))
        {
            Console.WriteLine($"  {set.Names[drawings[query].Number],-36} finds {string.Join(", ", right.Take(3).Select(n => set.Names[drawings[n].Number]))}");
        }

        int[] shown = Spread(Shown, drawings.Length);
        var similarities = new float[Shown, Shown];
        for (var row = 0; row < Shown; row++)
        {
            for (var column = 0; column < Shown; column++)
            {
                similarities[row, column] = TensorPrimitives.Dot<float>(names.AsSpan(shown[row] * width, width), pictures.AsSpan(shown[column] * width, width));
            }
        }

        PairsPictures.Grid(training.Pixels(drawings), training.Size, queries, found).Save($"{name}-found.png");
        PairsPictures.Similarities(similarities).Save($"{name}-similarities.png");
        Console.WriteLine($"\n{name}-found.png: for twelve names, their own picture, then the five that are nearest, a green frame around the right one."
            + $"\n{name}-similarities.png: names by pictures, dark where they are alike; pairs lie on the diagonal.");
    }

    private static int[] Spread(int count, int of) => [.. Enumerable.Range(0, count).Select(i => i * (of / count))];
}
