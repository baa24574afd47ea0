using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Evaluation;
using ModelCompiler.Examples;
using ModelCompiler.Examples.Emoji;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>
/// Trains <see cref="EmojiTowers"/>, or <see cref="EmojiLocked"/>, on four drawers and lets pictures of the fifth and names find each other, with three seeds. What a
/// training may take is time of two processors, which other processes hardly change.
/// </summary>
internal static class EmojiGoal
{
    private const double MostProcessorSeconds = 2 * 600;
    private static readonly ulong[] s_seeds = [1, 2, 3];

    private static readonly string s_time = $"in {MostProcessorSeconds:F0} s of processors";

    public static IEnumerable<Line> Measure(GoalContext context) => Lines(context, "emoji", $">= 36.0% and 40.0% {s_time}", OfTowers);

    public static IEnumerable<Line> MeasureLocked(GoalContext context) => Lines(context, "emoji-locked", $">= 42.0% and 42.0%, unseen 16.0% and R@10 52.0% {s_time}", OfLocked);

    private static IEnumerable<Line> Lines(GoalContext context, string name, string goal, Func<GoalContext, EmojiSet, ulong, Result?> run)
    {
        foreach (var seed in s_seeds)
        {
            var line = $"{name}/seed-{seed}";
            if (context.Wants(line))
            {
                var result = SharedFolder.Find("data", "emoji") is { } folder ? run(context, new EmojiSet(folder), seed) : null;
                yield return result is null ? Line.Absent(line, goal, "there is no shared/data/emoji, or no shared/data/minilm for a locked side, above this program") : result.Line(context, line, goal);
            }
        }
    }

    private static Result OfTowers(GoalContext context, EmojiSet set, ulong seed)
    {
        using var model = new EmojiTowers(context.Device, seed);
        var training = new TowersTraining(model, set, seed);
        var drawings = set.ReadKnown(set.TrainingDrawers);
        var time = Sample.Of(() => model.Fit(training.Pairs(drawings), new FitOptions { Steps = TowersTraining.Steps, Output = TextWriter.Null }));
        model.Core.SwapAverage();
        return new Result(training.Test(set.TestDrawer), time, $"{TowersTraining.Steps} steps of {TowersTraining.BatchSize}", static r => r.PictureToName.Recall(1) >= 0.36 && r.NameToPicture.Recall(1) >= 0.40);
    }

    private static Result? OfLocked(GoalContext context, EmojiSet set, ulong seed)
    {
        if (SharedFolder.Find("data", "minilm") is not { } encoder)
        {
            return null;
        }

        using var model = new EmojiLocked(context.Device, seed);
        var training = new LockedTraining(model, set, encoder, seed);
        var drawings = set.ReadKnown(set.TrainingDrawers);
        var time = Sample.Of(() => model.Fit(training.Pairs(drawings), new FitOptions { Steps = LockedTraining.Steps, Output = TextWriter.Null }));
        model.Core.SwapAverage();
        return new Result(training.Test(set.TestDrawer), time, $"{LockedTraining.Steps} steps of {LockedTraining.BatchSize}",
            static r => r.PictureToName.Recall(1) >= 0.42 && r.NameToPicture.Recall(1) >= 0.42 && r.UnseenToName.Recall(1) >= 0.16 && r.UnseenToName.Recall(10) >= 0.52);
    }

    private sealed record Result(EmojiRanks Ranks, Sample Time, string Training, Func<EmojiRanks, bool> Reaches)
    {
        public Line Line(GoalContext context, string name, string goal)
        {
            var spent = Time.Seconds * Time.Busy;
            return new Line(name, $"{Goals.Line.Percent(Ranks.PictureToName.Recall(1))}, {Goals.Line.Percent(Ranks.NameToPicture.Recall(1))}", goal,
                Reaches(Ranks) && spent <= MostProcessorSeconds ? Outcome.Met : Outcome.Short,
                $"R@1/5/10 of pictures among all names {Recalls(Ranks.PictureToName)}, of names among the drawer's pictures {Recalls(Ranks.NameToPicture)}, of unseen emoji's pictures among their names "
                + $"{Recalls(Ranks.UnseenToName)}; {Training} in {spent:F0} s of processors, {Time.Seconds:F0} s; {context.Threads} threads");
        }

        private static string Recalls(RankMetrics ranks) => string.Join("/", new[] { 1, 5, 10 }.Select(k => Goals.Line.Percent(ranks.Recall(k))));
    }
}
