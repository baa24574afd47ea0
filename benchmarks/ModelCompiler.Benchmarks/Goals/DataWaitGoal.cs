using System.Diagnostics;
using ModelCompiler.Benchmarks.Training;
using ModelCompiler.Data;
using ModelCompiler.Examples;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>
/// The share of a training step that waits for data: pictures of 64 pixels and their captions from WebDataset shards, decoded, normalised and
/// tokenized, for a small CLIP.
/// </summary>
internal static class DataWaitGoal
{
    private const string Name = "data-wait";
    private const double Goal = 0.03;
    private const int BatchSize = 64;
    private const int Warm = 5;
    private const int Steps = 40;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants(Name))
        {
            return [];
        }

        var goal = $"< {Line.Percent(Goal)}";
        if (SharedFolder.Find("data", "emoji") is not { } folder)
        {
            return [Line.Absent(Name, goal, "there is no shared/data/emoji above this program")];
        }

        using var shards = ShardSet.Open(Path.Combine(folder, "noto.tar"), Path.Combine(folder, "twemoji.tar"), Path.Combine(folder, "openmoji.tar.gz"));
        var tokenizer = TokenizerTraining.WordPiece(
            Enumerable.Range(0, (int)shards.Count).SelectMany(i => shards.Read(i).ToCaptionedPicture().Captions), new VocabularyTraining { Size = 2_000 });
        var batches = EmojiClip.Read(shards, tokenizer, new DataOptions { Batch = BatchSize, Seed = 1, ShuffleBuffer = 1_000 });
        using var model = new EmojiClip(context.Device, seed: 1);
        var (waited, trained) = Train(model, batches);
        var alone = Alone(model, batches.Get(0, null));
        var data = Data(EmojiClip.Read(shards, tokenizer, new DataOptions { Batch = BatchSize, Seed = 2, Threads = 1 }));
        var share = waited / trained;
        return [new Line(Name, Line.Percent(share), goal, share < Goal ? Outcome.Met : Outcome.Short,
            FormattableString.Invariant($"{1000 * waited / Steps:F2} ms of steps of {1000 * trained / Steps:F0} ms; {1000 * alone:F0} ms where the batch is always the same; ")
            + FormattableString.Invariant($"the data of {BatchSize} pairs take one thread {1000 * data:F1} ms; {context.Device}"))];
    }

    private static (double Waited, double Trained) Train(EmojiClip model, IBatches<EmojiClip.Batch> batches)
    {
        using var prefetcher = new Prefetcher<EmojiClip.Batch>(batches, 0, Warm + Steps, held: 1);
        var (waited, start) = (0.0, 0L);
        for (var step = 0; step < Warm + Steps; step++)
        {
            if (step == Warm)
            {
                (waited, start) = (0, Stopwatch.GetTimestamp());
            }

            var asked = Stopwatch.GetTimestamp();
            var batch = prefetcher.Take();
            waited += Stopwatch.GetElapsedTime(asked).TotalSeconds;
            model.TrainStep(batch);
            prefetcher.Release(1);
        }

        return (waited, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static double Alone(EmojiClip model, EmojiClip.Batch batch)
    {
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < Steps / 2; step++)
        {
            model.TrainStep(batch);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / (Steps / 2);
    }

    private static double Data(IBatches<EmojiClip.Batch> batches)
    {
        var batch = batches.Get(0, null);
        var start = Stopwatch.GetTimestamp();
        for (var number = 1; number <= 10; number++)
        {
            batch = batches.Get(number, batch);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / 10;
    }
}
