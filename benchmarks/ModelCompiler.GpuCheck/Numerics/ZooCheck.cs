using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Reporting;
using ModelCompiler.Models.Small;
using ModelCompiler.Runtime;

namespace ModelCompiler.GpuCheck.Numerics;

/// <summary>A small model on the device against the same on the CPU: outputs, loss, every gradient, and the losses of a training.</summary>
internal sealed class ZooCheck(Func<Device, IModel> create, int kinds)
{
    private const int Steps = 20;

    // Of the largest value: sums of a thousand floats in another order. Of losses: steps carry roundings on.
    private double Tolerance { get; init; } = 5e-5;

    private double LossTolerance { get; init; } = 1e-4;

    // Samples of the smallest batch.
    private int Fewest { get; init; } = 1;

    // A tensor whose gradients cancel is nothing but rounding: this part of the largest of all counts as its size.
    private const double Smallest = 1e-2;

    public static IReadOnlyList<(string Name, Func<GpuDevice, Result> Check)> All { get; } =
    [
        ("shapes-vit", new ZooCheck(static d => new ShapesVit(d, 1), 6).Run),

        // One pair has nothing to be told from: its loss is 0.
        ("shapes-clip", new ZooCheck(static d => new ShapesClip(d, 1), 64) { Fewest = 2 }.Run),
        ("shapes-captioner", new ZooCheck(static d => new ShapesCaptioner(d, 1), 64).Run),
        ("caption-bert", new ZooCheck(static d => new CaptionBert(d, 1), 64).Run),
        ("caption-gpt", new ZooCheck(static d => new CaptionGpt(d, 1), 32).Run),
        ("character-gpt", new ZooCheck(static d => new CharacterGpt(d, 1), 65).Run),
        ("dropout-gpt", new ZooCheck(static d => new DropoutGpt(d, 1), 65).Run),
        ("odd-gpt", new ZooCheck(static d => new OddGpt(d, 1), 37).Run),
        ("odd-vit", new ZooCheck(static d => new OddVit(d, 1), 5).Run),
        ("odd-siglip", new ZooCheck(static d => new OddSiglip(d, 1), 37).Run),
        ("odd-momentum", new ZooCheck(static d => new OddMomentum(d, 1), 37).Run),
        ("odd-gpt, decoding", DecodingCheck.Run),

        // Sums in another order are now and then another number of 8 bits of mantissa.
        ("mixed-gpt", new ZooCheck(static d => new MixedGpt(d, 1), 65) { Tolerance = 2e-2, LossTolerance = 2e-3 }.Run),
        ("character-gpt, TF32", device => new ZooCheck(static d => new CharacterGpt(d, 1), 65) { Tolerance = 5e-3, LossTolerance = 1e-3 }
            .Run(device.With(usesTf32: device.HasTensorCores, device.UsesCublas, device.Products))),
    ];

    private Result Run(GpuDevice device)
    {
        using var expected = create(Device.Cpu);
        using var actual = create(device);
        var (cpu, gpu) = (expected.Core, actual.Core);
        var length = cpu.Description.MaxLength;
        var (outputs, gradients) = (0.0, 0.0);
        foreach (var batch in new[] { new MadeUpBatch(cpu.Description, kinds, 3, Math.Max(1, length - 2), 1), new MadeUpBatch(cpu.Description, kinds, Fewest, 1, 2) })
        {
            outputs = Math.Max(outputs, OfOutputs(cpu, gpu, batch));
            gradients = Math.Max(gradients, OfGradients(cpu, gpu, batch));
        }

        var losses = OfTraining(cpu, gpu, length);
        return new Result(
            outputs < Tolerance && gradients < Tolerance && losses < LossTolerance,
            FormattableString.Invariant($"off by {outputs:0.0e0} in outputs, {gradients:0.0e0} in gradients, {losses:0.0e0} in the losses of {Steps} steps"),
            ("outputs_error", outputs), ("gradients_error", gradients), ("losses_error", losses));
    }

    private static double OfOutputs(ModelCore cpu, ModelCore gpu, MadeUpBatch batch)
    {
        var (loss, same) = (Run(cpu, batch, static (c, b) => c.Evaluate(b.Batch, b.Length)), Run(gpu, batch, static (c, b) => c.Evaluate(b.Batch, b.Length)));
        return Math.Max(Error(cpu.Output("logits"), gpu.Output("logits"), 0), Math.Abs(loss - same) / Math.Abs(loss));
    }

    private static double OfGradients(ModelCore cpu, ModelCore gpu, MadeUpBatch batch)
    {
        Run(cpu, batch, static (c, b) => c.ComputeGradients(b.Batch, b.Length, accumulate: false));
        Run(gpu, batch, static (c, b) => c.ComputeGradients(b.Batch, b.Length, accumulate: false));
        string[] trained = [.. cpu.Description.Parameters.Where(static p => p.Role == ParameterRole.Trained).Select(static p => p.Name)];
        var expected = Array.ConvertAll(trained, n => cpu.Parameters[n].GradientToArray());
        var floor = Smallest * expected.Max(Largest);
        return trained.Zip(expected, (n, e) => Error(e, gpu.Parameters[n].GradientToArray(), floor)).Aggregate(0.0, Math.Max);
    }

    private double OfTraining(ModelCore cpu, ModelCore gpu, int length)
    {
        var error = 0.0;
        for (var step = 0; step < Steps; step++)
        {
            var batch = new MadeUpBatch(cpu.Description, kinds, 2, length, 10 + step);
            var (expected, actual) = (Step(cpu, batch), Step(gpu, batch));
            error = Math.Max(error, Math.Abs(expected - actual) / Math.Abs(expected));
        }

        return error;
    }

    private static double Step(ModelCore core, MadeUpBatch batch)
    {
        var loss = Run(core, batch, static (c, b) => c.ComputeGradients(b.Batch, b.Length, accumulate: false));
        return core.Step() ? loss : double.NaN;
    }

    private static double Run(ModelCore core, MadeUpBatch batch, Func<ModelCore, MadeUpBatch, double> pass)
    {
        batch.Set(core);
        return pass(core, batch);
    }

    private static float Largest(float[] values) => values.Max(MathF.Abs);

    // NaN where a value is no number: Math.Max hands it on, and it is below no tolerance.
    public static double Error(float[] expected, float[] actual, double floor)
    {
        var worst = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs((double)expected[i] - actual[i]));
        }

        return worst / Math.Max(Largest(expected), floor);
    }
}
