using ModelCompiler.Data;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Examples;

/// <summary>Trains <see cref="ShapesVit"/> on generated pictures and shows what it says of pictures it has not seen.</summary>
internal static class ShapesExample
{
    private const int BatchSize = 64;
    private const int Steps = 3_000;

    public static void Run()
    {
        var world = new ShapesWorld(ShapesVit.Pictures.PictureWidth, seed: 0, objects: 1);
        using var model = new ShapesVit(seed: 1);
        Console.WriteLine($"A vision transformer with {model.ParametersByName.Values.Sum(static p => p.Count):N0} parameters learns to tell {string.Join(", ", world.Classes)} apart.");
        Console.WriteLine($"It needs {model.MemoryFor(BatchSize) / 1e6:F1} MB for batches of {BatchSize} and runs on {Runtime.Device.Cpu}.\n");

        model.Fit(Pictures(world, Split.Train), new FitOptions { Steps = Steps }, Pictures(world, Split.HeldOut));
        Console.WriteLine($"\nHeld-out accuracy on 2,048 pictures: {Accuracy(model, world, 2_048):P1}\n");
        Show(model, world);
        EmittedCode.Show("ModelCompiler.Models.Small.ShapesVit");
    }

    private static IBatches<ShapesVit.Batch> Pictures(ShapesWorld world, Split split) => Batches.Of<ShapesVit.Batch>((number, reuse) =>
        Draw(world, split, number * BatchSize, reuse ?? new ShapesVit.Batch(new ShapesVit.Pictures(BatchSize))));

    private static ShapesVit.Batch Draw(ShapesWorld world, Split split, long first, ShapesVit.Batch batch)
    {
        for (var i = 0; i < batch.Inputs.Count; i++)
        {
            var scene = world.Draw(split, first + i);
            scene.Render(batch.Inputs[i]);
            batch.Labels[i] = scene.Class;
        }

        return batch;
    }

    private static double Accuracy(ShapesVit model, ShapesWorld world, int count)
    {
        var right = 0;
        var batch = new ShapesVit.Batch(new ShapesVit.Pictures(256));
        for (var first = 0; first < count; first += batch.Inputs.Count)
        {
            Draw(world, Split.HeldOut, first, batch);
            var logits = model.Forward(batch.Inputs).Logits;
            for (var i = 0; i < batch.Inputs.Count; i++)
            {
                right += Best(logits, i, world.Classes.Count) == batch.Labels[i] ? 1 : 0;
            }
        }

        return right / (double)count;
    }

    private static void Show(ShapesVit model, ShapesWorld world)
    {
        var batch = new ShapesVit.Batch(new ShapesVit.Pictures(8));
        Draw(world, Split.HeldOut, 5_000, batch);
        var logits = model.Forward(batch.Inputs).Logits;
        Console.WriteLine("Pictures it has not seen:");
        for (var i = 0; i < batch.Inputs.Count; i++)
        {
            var said = world.Classes[Best(logits, i, world.Classes.Count)];
            Console.WriteLine($"  {world.Draw(Split.HeldOut, 5_000 + i).Caption,-56} it says {said}");
        }
    }

    private static int Best(float[] logits, int row, int classes)
    {
        var scores = logits.AsSpan(row * classes, classes);
        var best = 0;
        for (var i = 1; i < classes; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        return best;
    }
}
