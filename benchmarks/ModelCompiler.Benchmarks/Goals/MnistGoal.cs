using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Training;
using ModelCompiler.Data;
using ModelCompiler.Examples;
using ModelCompiler.GpuCheck.Speed;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>Trains <see cref="DigitVit"/> on MNIST with random shifts and counts what it gets right of the 10,000 test pictures.</summary>
internal static class MnistGoal
{
    private const string Name = "mnist";
    private const double Goal = 0.988;
    private const double MostSeconds = 600;
    private const int Steps = 4_000;
    private const int BatchSize = 128;
    private const int Shift = 2;
    private const ulong Seed = 1;

    private static double StepOperations => Operations.OfBlocks(4, 128, 16, BatchSize) + Operations.Of(49, 128, 16 * BatchSize) + Operations.Of(128, Digits.Classes, BatchSize);

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants(Name))
        {
            return [];
        }

        var goal = $">= {Line.Percent(Goal)} in {MostSeconds:F0} s";
        if (SharedFolder.Find("data", "mnist") is not { } folder)
        {
            return [Line.Absent(Name, goal, "there is no shared/data/mnist above this program")];
        }

        using var model = new DigitVit(context.Device, Seed);
        var digits = new Digits(MnistDataSet.Read(folder));
        var time = Sample.Of(() => Train(model, digits));
        var accuracy = Accuracy(model, new Digits(MnistDataSet.Read(folder, Split.HeldOut)));
        var share = new Samples([time], context.Threads, context.Peak.Measure()).Share(Steps * StepOperations);
        return [new Line(Name, $"{100 * accuracy:F2}%", goal, accuracy >= Goal && time.Seconds <= MostSeconds ? Outcome.Met : Outcome.Short,
            $"test accuracy after {Steps} steps of {BatchSize} in {time.Seconds:F0} s ({time.ProcessorSeconds(context.Threads):F0} of the processors' time), {Steps * BatchSize / time.Seconds:F0} pictures/s, "
            + $"{Line.Percent(share)} of the peak; seed {Seed}, {context.Threads} threads")];
    }

    private static void Train(DigitVit model, Digits digits)
    {
        var batch = new DigitVit.Batch(new DigitVit.Pictures(BatchSize));
        var order = new BatchOrder(digits.Count, BatchSize, Seed);
        var indices = new long[BatchSize];
        for (var step = 0; step < Steps; step++)
        {
            order.Next(indices);
            digits.Copy(indices, batch, Shift, Seed, (ulong)step * BatchSize);
            model.TrainStep(batch);
        }
    }

    private static double Accuracy(DigitVit model, Digits digits)
    {
        const int Count = 500;
        var batch = new DigitVit.Batch(new DigitVit.Pictures(Count));
        var right = 0;
        for (var first = 0; first < digits.Count; first += Count)
        {
            digits.Copy([.. Enumerable.Range(first, Count).Select(static i => (long)i)], batch, 0, Seed, 0);
            var logits = model.Forward(batch.Inputs).Logits;
            for (var i = 0; i < Count; i++)
            {
                var scores = new ArraySegment<float>(logits, i * Digits.Classes, Digits.Classes);
                right += Array.IndexOf([.. scores], scores.Max()) == batch.Labels[i] ? 1 : 0;
            }
        }

        return right / (double)digits.Count;
    }
}
