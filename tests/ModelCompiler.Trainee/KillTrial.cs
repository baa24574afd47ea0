using System.Diagnostics;

namespace ModelCompiler.Trainee;

/// <summary>What killing showed.</summary>
/// <param name="Kills">Processes that were killed.</param>
/// <param name="Writing">Kills in the middle of writing a file.</param>
/// <param name="Runs">Runs that came to their end between kills.</param>
/// <param name="Problems">Runs that were lost, or ended otherwise than the one that nobody killed.</param>
public sealed record KillReport(int Kills, int Writing, int Runs, IReadOnlyList<string> Problems);

/// <summary>
/// Kills training at random instants from outside (signal 9), start-up and writing included, and starts it again, until it has been killed
/// often enough; then the last run may end.
/// </summary>
public static class KillTrial
{
    private const int Killed = 128 + 9;

    public static KillReport Run(int kills, int steps, int seed)
    {
        var root = Directory.CreateTempSubdirectory("model-compiler-kills-").FullName;
        try
        {
            var start = Stopwatch.GetTimestamp();
            using var whole = TraineeProcess.Start(Path.Combine(root, "whole"), steps);
            var expected = Finish(whole) ?? throw new InvalidOperationException("The run that nobody kills fails.");
            return Run(root, kills, steps, new Random(seed), Stopwatch.GetElapsedTime(start), expected);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static KillReport Run(string root, int kills, int steps, Random random, TimeSpan life, string expected)
    {
        var (killed, writing, runs) = (0, 0, 0);
        var problems = new List<string>();
        for (var isRunning = true; killed < kills || isRunning;)
        {
            var folder = Path.Combine(root, $"{runs}");
            using var process = TraineeProcess.Start(folder, steps);
            if (killed < kills && !process.WaitForExit(life * random.NextDouble()))
            {
                process.Kill();
            }

            var end = Finish(process);
            isRunning = process.ExitCode == Killed;
            if (isRunning)
            {
                killed++;
                writing += Unfinished(folder).Any() ? 1 : 0;
                continue;
            }

            runs++;
            problems.AddRange(Problems(folder, end, steps, expected).Select(p => $"run {runs}, behind {killed} kills: {p}"));
        }

        return new KillReport(killed, writing, runs, problems);
    }

    private static IEnumerable<string> Problems(string folder, string? end, int steps, string expected)
    {
        if (end is null)
        {
            yield return "lost";
            yield break;
        }

        if (end != expected)
        {
            yield return "ended with other bits";
        }

        if (!File.ReadLines(Path.Combine(folder, "metrics.csv")).Skip(1).Select(static l => l.Split(',')[0]).SequenceEqual(Enumerable.Range(1, steps).Select(static s => $"{s}")))
        {
            yield return "metrics.csv has not one line a step";
        }

        if (Unfinished(folder).Any())
        {
            yield return "a temporary file is left";
        }
    }

    private static IEnumerable<string> Unfinished(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.tmp", SearchOption.AllDirectories) : [];

    // The last line of a run that came to its end; null: it failed or was killed.
    private static string? Finish(Process process)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Console.Error.Write(errors.Result);
        return process.ExitCode == 0 ? output.TrimEnd().Split('\n')[^1] : null;
    }
}
