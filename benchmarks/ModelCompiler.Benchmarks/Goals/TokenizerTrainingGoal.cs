using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Texts;
using ModelCompiler.Data;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>A byte-level vocabulary of 32,000 merges from 100 MB of text, in a process of its own.</summary>
internal static class TokenizerTrainingGoal
{
    private const string Name = "tokenizer-training";
    private const double MostSeconds = 120;
    private const double MostBytes = 3e9;
    private const int Merges = 32_000;
    private const long TextBytes = 100_000_000;
    private const int Threads = 2;
    private const ulong Seed = 1;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants(Name))
        {
            yield break;
        }

        var goal = $"< {MostSeconds:F0} s in {MostBytes / 1e9:F0} GB";
        if (EnglishText.Lines() is null)
        {
            yield return Line.Absent(Name, goal, "there is no shared/data/text above this program");
            yield break;
        }

        var numbers = Array.ConvertAll(ChildProcess.Self(["train-tokenizer"]).Split(' '), double.Parse);
        var (seconds, bytes, merges, making) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        yield return new Line(Name, $"{seconds:F1} s, {bytes / 1e9:F2} GB", goal, seconds < MostSeconds && bytes < MostBytes && merges == Merges ? Outcome.Met : Outcome.Short,
            $"{merges:F0} merges of {TextBytes / 1e6:F0} MB on {Threads} threads, peak resident memory; making the text alone takes {making:F1} s of it; seed {Seed}");
    }

    /// <summary>Trains in this process and prints seconds, peak bytes, merges, and the seconds of making the text alone.</summary>
    public static int Print()
    {
        var lines = EnglishText.Lines()!;
        var making = Sample.Of(() => EnglishText.Shuffled(lines, TextBytes, Seed).Count());
        Tokenizer? tokenizer = null;
        var time = Sample.Of(() => tokenizer = TokenizerTraining.ByteLevel(EnglishText.Shuffled(lines, TextBytes, Seed), new VocabularyTraining { Size = 256 + Merges, Threads = Threads }));
        Console.WriteLine(FormattableString.Invariant($"{time.Seconds} {ProcessMemory.Peak()} {((BytePairModel)tokenizer!.Model).Merges.Count()} {making.Seconds}"));
        return 0;
    }
}
