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
        var training = new EmojiTraining(set, seed: 1);
        var drawings = set.ReadKnown(set.TrainingDrawers);
        using var model = new EmojiTowers(seed: 1);
        Console.WriteLine($"Two towers with {model.ParametersByName.Values.Sum(static p => p.Count):N0} parameters learn the names of {drawings.Length:N0} pictures by {string.Join(", ", set.TrainingDrawers)}.\n");
        model.Fit(training.Pairs(drawings), new FitOptions { Steps = EmojiTraining.Steps });
        model.Core.SwapAverage();
        Console.WriteLine($"\nPictures by {set.TestDrawer}, which it has not seen; {set.Captions.Count:N0} names, {set.Unseen.Count(static u => u)} of which it has not seen either:\n{training.Test(model, set.TestDrawer)}\n");
        Show(model, training, set);
        EmittedCode.Show("ModelCompiler.Models.Small.EmojiTowers");
    }

    // Names ask for pictures of the drawer that was left out.
    private static void Show(EmojiTowers model, EmojiTraining training, EmojiSet set)
    {
        Drawing[] drawings = [.. set.Read(set.TestDrawer).Where(d => !set.Unseen[d.Number])];
        var (pictures, names) = (training.Encode(model, drawings), training.Encode(model, drawings.Select(d => set.Names[d.Number])));
        using var index = new VectorIndex(pictures, Width);
        int[] queries = [.. Enumerable.Range(0, Queries).Select(i => i * (drawings.Length / Queries))];
        int[][] found = [.. queries.Select(q => index.Search(names.AsMemory(q * Width, Width), Found).Select(static n => n.Number).ToArray())];
        foreach (var (query, right) in queries.Zip(found))
        {
            Console.WriteLine($"  {set.Names[drawings[query].Number],-36} finds {string.Join(", ", right.Take(3).Select(n => set.Names[drawings[n].Number]))}");
        }

        int[] shown = [.. Enumerable.Range(0, Shown).Select(i => i * (drawings.Length / Shown))];
        var similarities = new float[Shown, Shown];
        for (var row = 0; row < Shown; row++)
        {
            for (var column = 0; column < Shown; column++)
            {
                similarities[row, column] = System.Numerics.Tensors.TensorPrimitives.Dot<float>(names.AsSpan(shown[row] * Width, Width), pictures.AsSpan(shown[column] * Width, Width));
            }
        }

        PairsPictures.Grid(Pixels(drawings), EmojiTowers.Pictures.PictureWidth, queries, found).Save("emoji-found.png");
        PairsPictures.Similarities(similarities).Save("emoji-similarities.png");
        Console.WriteLine("\nemoji-found.png: for twelve names, their own picture, then the five that are nearest, a green frame around the right one."
            + "\nemoji-similarities.png: names by pictures, dark where they are alike; pairs lie on the diagonal.");
    }

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
