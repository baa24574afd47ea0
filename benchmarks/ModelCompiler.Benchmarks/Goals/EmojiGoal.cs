using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Evaluation;
using ModelCompiler.Examples;
using ModelCompiler.Examples.Emoji;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>
/// Trains <see cref="EmojiTowers"/> on four drawers and lets pictures of the fifth and names find each other, with three seeds. What it may take is time of two
/// processors, which other processes hardly change.
/// </summary>
internal static class EmojiGoal
{
    private const string Name = "emoji";
    private const double PictureGoal = 0.36, NameGoal = 0.40;
    private const double MostProcessorSeconds = 2 * 600;
    private static readonly ulong[] s_seeds = [1, 2, 3];

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        var goal = $">= {Line.Percent(PictureGoal)} and {Line.Percent(NameGoal)} in {MostProcessorSeconds:F0} s of processors";
        if (s_seeds.Any(seed => context.Wants($"{Name}/seed-{seed}")) && SharedFolder.Find("data", "emoji") is null)
        {
            yield return Line.Absent(Name, goal, "there is no shared/data/emoji above this program");
            yield break;
        }

        foreach (var seed in s_seeds.Where(seed => context.Wants($"{Name}/seed-{seed}")))
        {
            yield return One(context, seed, goal, new EmojiSet(SharedFolder.Find("data", "emoji")!));
        }
    }

    private static Line One(GoalContext context, ulong seed, string goal, EmojiSet set)
    {
        using var model = new EmojiTowers(context.Device, seed);
        var training = new EmojiTraining(set, seed);
        var drawings = set.ReadKnown(set.TrainingDrawers);
        var time = Sample.Of(() => model.Fit(training.Pairs(drawings), new FitOptions { Steps = EmojiTraining.Steps, Output = TextWriter.Null }));
        model.Core.SwapAverage();
        var ranks = training.Test(model, set.TestDrawer);
        var (picture, name, spent) = (ranks.PictureToName.Recall(1), ranks.NameToPicture.Recall(1), time.Seconds * time.Busy);
        return new Line($"{Name}/seed-{seed}", $"{Line.Percent(picture)}, {Line.Percent(name)}", goal,
            picture >= PictureGoal && name >= NameGoal && spent <= MostProcessorSeconds ? Outcome.Met : Outcome.Short,
            $"R@1/5/10 of pictures among {set.Captions.Count} names {Recalls(ranks.PictureToName)}, of names among the drawer's pictures {Recalls(ranks.NameToPicture)}, "
            + $"of unseen emoji's pictures among their names {Recalls(ranks.UnseenToName)}; {EmojiTraining.Steps} steps of {EmojiTraining.BatchSize} in {spent:F0} s of processors, {time.Seconds:F0} s; {context.Threads} threads");
    }

    private static string Recalls(RankMetrics ranks) => string.Join("/", new[] { 1, 5, 10 }.Select(k => Line.Percent(ranks.Recall(k))));
}
