using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>The example of docs/training.md compiles and runs: it is this file's, line by line, but for the folder and the number of steps.</summary>
public sealed class TrainingPageTests
{
    [Fact]
    public void The_example_trains()
    {
        using var folder = new TemporaryFolder();
        var pictures = Enumerable.Range(0, 50).Select(static i => Enumerable.Repeat(i / 50f, ShapesVit.Pictures.ChannelCount * 32 * 32).ToArray()).ToArray();
        var labels = Enumerable.Range(0, 50).Select(static i => i % 6).ToArray();
        IBatches<ShapesVit.Batch>? heldOut = null;

        var order = new BatchOrder(pictures.Length, batch: 16, seed: 1);
        var indices = new long[16];
        IBatches<ShapesVit.Batch> training = Batches.Of<ShapesVit.Batch>((number, reuse) =>
        {
            var batch = reuse ?? new ShapesVit.Batch(new ShapesVit.Pictures(16));
            order.Position = new BatchPosition(number / order.BatchesPerEpoch, number % order.BatchesPerEpoch * 16);
            order.Next(indices);
            for (var i = 0; i < 16; i++)
            {
                pictures[indices[i]].CopyTo(batch.Inputs[i]);
                batch.Labels[i] = labels[indices[i]];
            }

            return batch;
        });
        using var model = new ShapesVit(seed: 1);
        FitResult result = model.Fit(training, new FitOptions { Steps = 5, Checkpoints = folder.Path, Output = TextWriter.Null }, heldOut);

        Assert.Equal(5, result.Steps);
    }

    [Fact]
    public void The_page_shows_what_is_tested()
    {
        var page = File.ReadAllLines(Path.Combine(Folders.Root, "docs", "training.md"));
        var example = page.SkipWhile(static l => l != "```csharp").Skip(1).TakeWhile(static l => l != "```" && !l.StartsWith("FitResult", StringComparison.Ordinal)).ToArray();
        var tested = File.ReadAllLines(Path.Combine(Folders.Root, "tests", "ModelCompiler.Runtime.Tests", "Training", "TrainingPageTests.cs"))
            .SkipWhile(static l => !l.Contains("var order")).Take(example.Length).Select(static l => l.Length > 8 ? l[8..] : l.Trim());
        Assert.Equal(16, example.Length);
        Assert.Equal(example, tested);
    }

    [Fact]
    public void The_page_names_every_option()
    {
        var page = File.ReadAllText(Path.Combine(Folders.Root, "docs", "training.md"));
        Assert.All(typeof(FitOptions).GetProperties(), option => Assert.Contains($"`{option.Name}`", page));
    }
}
