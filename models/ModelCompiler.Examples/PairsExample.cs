using ModelCompiler.Data;
using ModelCompiler.Evaluation;
using ModelCompiler.Examples.Captions;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples;

/// <summary>Trains <see cref="ShapesClip"/> on pictures and their captions, then finds the one by the other and names pictures without having learnt classes.</summary>
internal static class PairsExample
{
    private const int BatchSize = 64;
    private const int Steps = 3_000;

    // The one that the captions' tower names; its file lies beside the program.
    private static readonly TextTokenizer<ShapesClip.Tokens> s_tokenizer = TextTokenizer.Load<ShapesClip.Tokens>();

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
            s_tokenizer.Tokenizer.FillRow(batch.Inputs.Text, i, scene.Caption);
        }

        return batch;
    }

    // Scenes whose captions are the same cannot be told apart: the picture of a caption is the first with it.
    private static void Retrieve(ShapesClip model, ShapesWorld world, int count)
    {
        var batch = Draw(world, Split.HeldOut, 10_000, NewBatch(count));
        string[] captions = [.. Enumerable.Range(0, count).Select(i => world.Draw(Split.HeldOut, 10_000 + i).Caption)];
        int[] first = [.. captions.Index().DistinctBy(static c => c.Item).Select(static c => c.Index)];
        var (pictures, texts) = (Rows(model.EncodeImages(batch.Inputs.Image), first), Rows(model.EncodeTexts(batch.Inputs.Text), first));
        var metrics = RetrievalMetrics.OfFeatures(pictures, texts, ShapesClip.Embeddings.Width, [.. first.Select(static (_, i) => i)]);
        Console.WriteLine($"\n{first.Length} pictures it has not seen, each with another caption:");
        Console.WriteLine($"  {"",-18}{"R@1",8}{"R@5",8}{"R@10",8}{"median",8}\n{Line("picture to caption", metrics.FirstToSecond)}\n{Line("caption to picture", metrics.SecondToFirst)}\n");
        using var index = new VectorIndex(texts, ShapesClip.Embeddings.Width, [.. first.Select(i => captions[i])]);
        for (var i = 0; i < 5; i++)
        {
            var nearest = index.Search(pictures.AsMemory(i * ShapesClip.Embeddings.Width, ShapesClip.Embeddings.Width), 1)[0];
            Console.WriteLine($"  {captions[first[i]],-44} nearest caption: {nearest.Name}");
        }

        Show(batch.Inputs.Image, pictures, texts, first);
    }

    private static string Line(string way, RankMetrics ranks) => $"  {way,-18}{ranks.Recall(1),8:P1}{ranks.Recall(5),8:P1}{ranks.Recall(10),8:P1}{ranks.MedianRank,8:0.#}";

    // Captions ask for pictures; the first ones' similarities, each caption a row.
    private static void Show(ShapesClip.Pictures images, float[] pictures, float[] texts, int[] first)
    {
        const int Queries = 10, Found = 5, Shown = 48, Width = ShapesClip.Embeddings.Width;
        using var index = new VectorIndex(pictures, Width);
        int[] queries = [.. first.Take(Queries)];
        int[][] found = [.. queries.Select((_, i) => index.Search(texts.AsMemory(i * Width, Width), Found).Select(n => first[n.Number]).ToArray())];
        var similarities = new float[Shown, Shown];
        using var shown = new VectorIndex(pictures.AsMemory(0, Shown * Width), Width);
        for (var i = 0; i < Shown; i++)
        {
            foreach (var neighbor in shown.Search(texts.AsMemory(i * Width, Width), Shown))
            {
                similarities[i, neighbor.Number] = neighbor.Score;
            }
        }

        PairsPictures.Grid(images.Values, ShapesClip.Pictures.PictureWidth, queries, found).Save("pairs-found.png");
        PairsPictures.Similarities(similarities).Save("pairs-similarities.png");
        Console.WriteLine("\npairs-found.png: for ten captions, their own picture, then the five that are nearest, a green frame around the right one."
            + "\npairs-similarities.png: captions by pictures, dark where they are alike; pairs lie on the diagonal.");
    }

    private static float[] Rows(ShapesClip.Embeddings embeddings, int[] rows) => [.. rows.SelectMany(i => embeddings[i].ToArray())];

    // Size is a part of the class: the mean of what is said of a large and of a small thing is near pictures of neither.
    private static void Name(ShapesClip model, ShapesWorld world, int count)
    {
        string[] names = [.. Enumerable.Range(0, Compositions.Count).Select(Compositions.Name)];
        var classes = new ZeroShot(names, ["{}"], sentences => model.EncodeTexts(s_tokenizer.Batch(sentences)).Values);
        var pictures = model.EncodeImages(Draw(world, Split.HeldOut, 20_000, NewBatch(count)).Inputs.Image);
        float[] scores = [.. Enumerable.Range(0, count).SelectMany(i => classes.Scores(pictures[i]))];
        var metrics = new ClassificationMetrics(scores, [.. Enumerable.Range(0, count).Select(i => Compositions.Of(world.Draw(Split.HeldOut, 20_000 + i).Objects[0]))]);
        Console.WriteLine($"\n{count:N0} pictures named without having learnt classes, one of {names.Length} such as '{names[0]}':");
        Console.WriteLine($"  {"top-1",8}{"top-5",8}\n  {metrics.Top(1),8:P1}{metrics.Top(5),8:P1}");
    }
}
