using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples;

/// <summary>Trains <see cref="ShapesClip"/> on pictures and their captions, then finds the one by the other and names pictures without having learnt classes.</summary>
internal static class PairsExample
{
    private const int BatchSize = 64;
    private const int Steps = 1_500;
    private const int End = 1;
    private const int FirstWord = 2;

    private static readonly Dictionary<string, int> s_idOf = ShapesWorld.Vocabulary.Select(static (word, i) => (word, i)).ToDictionary(static w => w.word, static w => w.i + FirstWord);

    public static void Run()
    {
        var world = new ShapesWorld(ShapesClip.Pictures.PictureWidth, seed: 0, objects: 1, ShapesWorldClasses.ShapeAndColour);
        using var model = new ShapesClip(seed: 1);
        Console.WriteLine($"A model of two towers with {model.ParametersByName.Values.Sum(static p => p.Count):N0} parameters learns which caption belongs to which picture.\n");
        model.Fit(Pairs(world, Split.Train), new FitOptions { Steps = Steps }, Pairs(world, Split.HeldOut));
        Console.WriteLine($"\nScale of similarities: {Math.Exp(model.LogitScale.ToArray()[0]):F1}");
        Retrieve(model, world, 256);
        Name(model, world, 1_024);
        EmittedCode.Show("ModelCompiler.Models.Small.ShapesClip");
    }

    private static IBatches<ShapesClip.Batch> Pairs(ShapesWorld world, Split split) => Batches.Of<ShapesClip.Batch>((number, reuse) =>
        Draw(world, split, number * BatchSize, reuse ?? NewBatch(BatchSize)));

    private static ShapesClip.Batch NewBatch(int count) => new(new ShapesClip.Pictures(count), new ShapesClip.Tokens(count, ShapesClip.Tokens.MaxLength));

    private static ShapesClip.Batch Draw(ShapesWorld world, Split split, long first, ShapesClip.Batch batch)
    {
        for (var i = 0; i < batch.Inputs.Count; i++)
        {
            var scene = world.Draw(split, first + i);
            scene.Render(batch.Inputs.Image[i]);
            Write(scene.Caption, batch.Inputs.Text, i);
        }

        return batch;
    }

    private static void Write(string caption, ShapesClip.Tokens tokens, int row)
    {
        var words = caption.Split(' ');
        for (var t = 0; t < tokens.Length; t++)
        {
            var at = (row * tokens.Length) + t;
            tokens.Ids[at] = t < words.Length ? s_idOf[words[t]] : t == words.Length ? End : 0;
            tokens.Mask[at] = t <= words.Length ? 1 : 0;
        }
    }

    // A picture's caption among all, and the other way round; scenes whose captions are the same cannot be told apart.
    private static void Retrieve(ShapesClip model, ShapesWorld world, int count)
    {
        var batch = Draw(world, Split.HeldOut, 10_000, NewBatch(count));
        var (pictures, texts) = (model.EncodeImages(batch.Inputs.Image), model.EncodeTexts(batch.Inputs.Text));
        string[] captions = [.. Enumerable.Range(0, count).Select(i => world.Draw(Split.HeldOut, 10_000 + i).Caption)];
        Console.WriteLine($"\n{count} pictures it has not seen, {captions.Distinct().Count()} different captions:");
        Console.WriteLine("                     R@1     R@5    R@10");
        Console.WriteLine($"  picture to caption {Recalls(pictures, texts)}");
        Console.WriteLine($"  caption to picture {Recalls(texts, pictures)}\n");
        for (var i = 0; i < 5; i++)
        {
            Console.WriteLine($"  {captions[i],-44} nearest caption: {captions[Ranked(pictures[i], texts)[0]]}");
        }

        string Recalls(ShapesClip.Embeddings queries, ShapesClip.Embeddings index) => string.Join(' ', new[] { 1, 5, 10 }
            .Select(k => Enumerable.Range(0, count).Count(i => Ranked(queries[i], index).Take(k).Any(j => captions[j] == captions[i])) / (double)count).Select(static r => $"{r,7:P1}"));
    }

    // Each class is what two sentences say of it; the nearest of all sentences names the picture.
    private static void Name(ShapesClip model, ShapesWorld world, int count)
    {
        string[] sizes = ["large", "small"];
        var tokens = new ShapesClip.Tokens(world.Classes.Count * sizes.Length, ShapesClip.Tokens.MaxLength);
        for (var i = 0; i < tokens.Count; i++)
        {
            Write($"a {sizes[i % sizes.Length]} {world.Classes[i / sizes.Length]}", tokens, i);
        }

        var sentences = model.EncodeTexts(tokens);
        var batch = Draw(world, Split.HeldOut, 20_000, NewBatch(count));
        var pictures = model.EncodeImages(batch.Inputs.Image);
        var right = Enumerable.Range(0, count).Count(i => Ranked(pictures[i], sentences)[0] / sizes.Length == world.Draw(Split.HeldOut, 20_000 + i).Class);
        Console.WriteLine($"\nZero-shot accuracy on {count:N0} pictures, {world.Classes.Count} classes such as '{world.Classes[0]}': {right / (double)count:P1}");
    }

    // Numbers of an index's vectors, the nearest first.
    private static int[] Ranked(ReadOnlySpan<float> query, ShapesClip.Embeddings index)
    {
        var scores = new float[index.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            var vector = index[i];
            for (var c = 0; c < vector.Length; c++)
            {
                scores[i] += query[c] * vector[c];
            }
        }

        int[] order = [.. Enumerable.Range(0, scores.Length)];
        Array.Sort(Array.ConvertAll(scores, static s => -s), order);
        return order;
    }
}
