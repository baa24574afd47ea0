using System.Numerics.Tensors;
using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Training;
using ModelCompiler.Data;
using ModelCompiler.Examples;
using ModelCompiler.Examples.Captions;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>Trains <see cref="CompositionClip"/> and lets it name, of all <see cref="Compositions"/>, those that training never saw.</summary>
internal static class ShapesWorldGoal
{
    private const string Name = "shapesworld";
    private const double Goal = 0.95;
    private const double MostProcessorSeconds = 2 * 600;
    private const int Steps = 30_000, BatchSize = 64, Tested = 2_048;
    private const ulong Seed = 1;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants(Name))
        {
            yield break;
        }

        var (world, tokenizer) = (new ShapesWorld(CompositionClip.Pictures.PictureWidth, seed: 0, objects: 1), VocabularyExample.Train());
        using var model = new CompositionClip(context.Device, Seed);
        var time = Sample.Of(() => model.Fit(Pairs(world, tokenizer), new FitOptions { Steps = Steps, Output = TextWriter.Null }));
        var (unseen, seen, spent) = (Accuracy(model, world, tokenizer, unseen: true), Accuracy(model, world, tokenizer, unseen: false), time.Seconds * time.Busy);
        yield return new Line(Name, Line.Percent(unseen), $">= {Line.Percent(Goal)} in {MostProcessorSeconds:F0} s of processors",
            unseen >= Goal && spent <= MostProcessorSeconds ? Outcome.Met : Outcome.Short,
            $"{Tested} held-out pictures of compositions that training never saw, among {Compositions.Count} names; {Line.Percent(seen)} of {Tested} of the others; {Steps} steps of {BatchSize} in {spent:F0} s of processors, "
            + $"{time.Seconds:F0} s; seed {Seed}, {context.Threads} threads");
    }

    private static IBatches<CompositionClip.Batch> Pairs(ShapesWorld world, Tokenizer tokenizer)
    {
        var captions = new Dictionary<string, int>(StringComparer.Ordinal);
        return Batches.Of<CompositionClip.Batch>((number, reuse) =>
        {
            var batch = reuse ?? new CompositionClip.Batch(new CompositionClip.Pictures(BatchSize), new CompositionClip.Tokens(BatchSize, CompositionClip.Tokens.MaxLength));
            captions.Clear();
            for (var i = 0; i < BatchSize; i++)
            {
                var scene = Compositions.Draw(world, Split.Train, (number * BatchSize) + i, unseen: false);
                scene.Render(batch.Inputs.Image[i]);
                tokenizer.FillRow(batch.Inputs.Text, i, scene.Caption);
                captions.TryAdd(scene.Caption, captions.Count);
                batch.Ids[i] = captions[scene.Caption];
            }

            return batch;
        });
    }

    private static double Accuracy(CompositionClip model, ShapesWorld world, Tokenizer tokenizer, bool unseen)
    {
        const int Width = CompositionClip.Embeddings.Width;
        string[] names = [.. Enumerable.Range(0, Compositions.Count).Select(Compositions.Name)];
        var texts = model.EncodeTexts(tokenizer.Fill(new CompositionClip.Tokens(names.Length, CompositionClip.Tokens.MaxLength), names)).Values;
        Scene[] scenes = [.. Enumerable.Range(0, Tested).Select(i => Compositions.Draw(world, Split.HeldOut, i, unseen))];
        var pictures = new CompositionClip.Pictures(Tested);
        for (var i = 0; i < Tested; i++)
        {
            scenes[i].Render(pictures[i]);
        }

        var features = model.EncodeImages(pictures);
        return Enumerable.Range(0, Tested).Count(i =>
            Enumerable.Range(0, names.Length).MaxBy(c => TensorPrimitives.Dot(features[i], texts.AsSpan(c * Width, Width))) == Compositions.Of(scenes[i].Objects[0])) / (double)Tested;
    }
}
