using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Training;
using ModelCompiler.Data;
using ModelCompiler.Examples;
using ModelCompiler.GpuCheck.Speed;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>
/// 2,000 steps of <see cref="NanoGpt"/> on tiny Shakespeare, then the loss over the whole validation part, each token once. Two lines: with
/// its own start, and with nanoGPT's, whose matrices are half as large.
/// </summary>
internal static class NanoGptGoal
{
    private const string Name = "nanogpt";
    private const double Goal = 1.90;
    private const int Steps = 2_000;
    private const int BatchSize = 12;
    private const int EvaluationBatch = 64;
    private const ulong Seed = 1;

    private static double StepOperations =>
        Operations.OfBlocks(4, 128, NanoGpt.Tokens.MaxLength, BatchSize) + Operations.Of(128, NanoGpt.Tokens.VocabularySize, BatchSize * NanoGpt.Tokens.MaxLength);

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants(Name))
        {
            yield break;
        }

        var goal = $"<= {Goal:F2}";
        if (SharedFolder.Find("data", "text", "tinyshakespeare.txt") is not { } path)
        {
            yield return Line.Absent(Name, goal, "there is no shared/data/text/tinyshakespeare.txt above this program");
            yield break;
        }

        var text = CharacterText.Read(path);
        yield return Measure(context, Name, "matrices start with a deviation of 0.04", text, static _ => { });
        yield return Measure(context, $"{Name}/start", "matrices start with a deviation of 0.02, as nanoGPT's", text, HalveMatrices);

        Line Measure(GoalContext context, string name, string start, CharacterText text, Action<NanoGpt> prepare)
        {
            using var model = new NanoGpt(context.Device, Seed);
            prepare(model);
            var time = Sample.Of(() => Train(model, text.Windows(NanoGpt.Tokens.MaxLength)));
            var loss = Loss(model, text.Windows(NanoGpt.Tokens.MaxLength, Split.HeldOut));
            var share = new Samples([time], context.Threads, context.Peak.Measure()).Share(Steps * StepOperations);
            return new Line(name, $"{loss:F4}", goal, loss <= Goal ? Outcome.Met : Outcome.Short,
                $"validation loss after {Steps} steps in {time.Seconds:F1} s ({time.ProcessorSeconds(context.Threads):F1} of the processors' time), {Line.Percent(share)} of the peak; {start}; seed {Seed}, {context.Threads} threads");
        }
    }

    private static void HalveMatrices(NanoGpt model)
    {
        foreach (var matrix in model.Core.Parameters.Values.Where(static p => p.Shape.Count == 2))
        {
            matrix.Set([.. matrix.ToArray().Select(static value => value / 2)]);
        }
    }

    private static void Train(NanoGpt model, TokenWindows windows)
    {
        var batch = new NanoGpt.Batch(new NanoGpt.Tokens(BatchSize, windows.Length));
        for (var step = 0; step < Steps; step++)
        {
            windows.Sample(Seed, step, batch.Inputs.Ids, batch.Targets);
            model.TrainStep(batch);
        }
    }

    private static double Loss(NanoGpt model, TokenWindows windows)
    {
        var sum = 0.0;
        for (var first = 0; first < windows.Count; first += EvaluationBatch)
        {
            var count = Math.Min(EvaluationBatch, windows.Count - first);
            var batch = new NanoGpt.Batch(new NanoGpt.Tokens(count, windows.Length));
            for (var i = 0; i < count; i++)
            {
                windows.Copy(first + i, batch.Inputs.Ids.AsSpan(i * windows.Length, windows.Length), batch.Targets.AsSpan(i * windows.Length, windows.Length));
            }

            sum += count * model.Evaluate(batch).Loss;
        }

        return sum / windows.Count;
    }
}
