using System.Numerics.Tensors;
using ModelCompiler.Data;
using ModelCompiler.Examples.Emoji;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples;

/// <summary>Trains <see cref="EmojiTowers"/> on emoji of four drawers and their names, then finds the one by the other in pictures of a fifth.</summary>
internal static class EmojiExample
{
    private const int Queries = 12, Found = 5, Shown = 64, Width = EmojiTowers.Embeddings.Width;

    public static void Run()
    {
        if (SharedFolder.Find("data", "emoji") is not { } folder)
        {
            Console.WriteLine("There is no shared/data/emoji above this program: the pictures of this example are not part of the repository.");
            return;
        }

        var set = new EmojiSet(folder);
        using var model = new EmojiTowers(seed: 1);
        var training = new TowersTraining(model, set, seed: 1);
        var drawings = set.ReadKnown(set.TrainingDrawers);
        Console.WriteLine($"Two towers with {model.ParametersByName.Values.Sum(static p => p.Count):N0} parameters learn the names of {drawings.Length:N0} pictures by {string.Join(", ", set.TrainingDrawers)}.\n");
        model.Fit(training.Pairs(drawings), new FitOptions { Steps = TowersTraining.Steps });
        model.Core.SwapAverage();
        Console.WriteLine($"\nPictures by {set.TestDrawer}, which it has not seen; {set.Captions.Count:N0} names, {set.Unseen.Count(static u => u)} of which it has not seen either:\n{training.Test(set.TestDrawer)}\n");
        Show(training, set);
        EmittedCode.Show("ModelCompiler.Models.Small.EmojiTowers");
    }

    // Names ask for pictures of the drawer that was left out.
    private static void Show(TowersTraining training, EmojiSet set)
    {
        Drawing[] drawings = set.ReadKnown([set.TestDrawer]);
        var (pictures, every) = (training.Encode(drawings), training.EncodeNames());
        float[] names = [.. drawings.SelectMany(d => every[(d.Number * Width)..((d.Number + 1) * Width)])];
        using var index = new VectorIndex(pictures, Width);
        int[] queries = Spread(Queries, drawings.Length);
        int[][] found = [.. queries.Select(q => index.Search(names.AsMemory(q * Width, Width), Found).Select(static n => n.Number).ToArray())];
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
                similarities[row, column] = TensorPrimitives.Dot<float>(names.AsSpan(shown[row] * Width, Width), pictures.AsSpan(shown[column] * Width, Width));
            }
        }

        PairsPictures.Grid(Pixels(drawings), EmojiTowers.Pictures.PictureWidth, queries, found).Save("emoji-found.png");
        PairsPictures.Similarities(similarities).Save("emoji-similarities.png");
        Console.WriteLine("\nemoji-found.png: for twelve names, their own picture, then the five that are nearest, a green frame around the right one."
            + "\nemoji-similarities.png: names by pictures, dark where they are alike; pairs lie on the diagonal.");
    }

    private static int[] Spread(int count, int of) => [.. Enumerable.Range(0, count).Select(i => i * (of / count))];

    private static float[] Pixels(IReadOnlyList<Drawing> drawings)
    {
        var pictures = new EmojiTowers.Pictures(drawings.Count);
        var writer = new DrawingWriter(EmojiTowers.Pictures.PictureWidth, seed: 0);
        for (var i = 0; i < drawings.Count; i++)
        {
            writer.Write(drawings[i], pictures[i]);
        }

        return pictures.Values;
    }
}
