using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Golden;

/// <summary>The largest error of a kind over what is allowed, and where it is.</summary>
internal readonly record struct GoldenError(double Ratio, string Where)
{
    public GoldenError Or(double ratio, string where) => ratio > Ratio || double.IsNaN(ratio) ? new GoldenError(double.IsNaN(ratio) ? double.PositiveInfinity : ratio, where) : this;
}

/// <summary>How a case went: errors over their tolerances, at most 1 where all is well.</summary>
internal sealed record GoldenResult(string Name, GoldenError Outputs, GoldenError Gradients, GoldenError Curve, string Verdict)
{
    public bool IsOk => Verdict == "ok";

    public override string ToString() => FormattableString.Invariant($"{Name}\t{Outputs.Ratio:F3}\t{Gradients.Ratio:F3}\t{Curve.Ratio:F3}\t{Verdict}");
}

/// <summary>Runs one case: outputs, gradients, twenty steps of training, frozen parameters.</summary>
internal static class GoldenCase
{
    public static GoldenResult Run(string folder)
    {
        var name = $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(folder)))}/{Path.GetFileName(folder)}";
        try
        {
            using var files = new GoldenFiles(folder);
            using var model = GoldenModel.Create(files);
            return Run(files, model);
        }
        catch (UnsupportedException e)
        {
            return new GoldenResult(name, default, default, default, $"unsupported ({e.Message})");
        }
        catch (Exception e) when (e is CheckpointException or Cli.Hosting.HostException or ArgumentException or InvalidOperationException or IOException or System.Text.Json.JsonException or KeyNotFoundException)
        {
            return new GoldenResult(name, default, default, default, $"off ({e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")})");
        }
    }

    private static GoldenResult Run(GoldenFiles files, IModel model)
    {
        var core = model.Core;
        var batch = new GoldenBatch(model, files);
        batch.Set(core);
        var hasLoss = core.Description.HasLoss && files.Gradients is not null;
        if (hasLoss)
        {
            core.Evaluate(batch.Batch, batch.Length);
        }
        else
        {
            core.Forward(batch.Batch, batch.Length);
        }

        var outputs = GoldenOutputs.Compare(files, core, batch);
        GoldenError gradients = default, curve = default;
        if (files.Gradients is not null)
        {
            batch.Set(core);
            core.ComputeGradients(batch.Batch, batch.Length, accumulate: false);
            gradients = GoldenGradients.Compare(files, core);
            curve = Train(files, core, batch);
        }

        var worst = new[] { outputs, gradients, curve }.MaxBy(static e => e.Ratio);
        return new GoldenResult(files.Name, outputs, gradients, curve, worst.Ratio <= 1 ? "ok" : $"off ({worst.Where})");
    }

    private static GoldenError Train(GoldenFiles files, ModelCore core, GoldenBatch batch)
    {
        if (files.Training is not { } training)
        {
            return default;
        }

        var frozen = core.Parameters.Values.Where(static p => p.IsFrozen).ToDictionary(static p => p, static p => p.ToArray());
        var error = default(GoldenError);
        var step = 0;
        foreach (var expected in training.GetProperty("loss_before_each_step").EnumerateArray().Select(static l => l.GetDouble()))
        {
            batch.Set(core);
            var loss = core.ComputeGradients(batch.Batch, batch.Length, accumulate: false);
            core.Step();
            error = error.Or(Math.Abs(loss - expected) / Math.Abs(expected) / files.Tolerance("curve"), $"loss of step {step++}");
        }

        foreach (var (parameter, before) in frozen)
        {
            error = error.Or(before.AsSpan().SequenceEqual(parameter.ToArray()) ? 0 : double.PositiveInfinity, $"frozen {parameter.Name} has moved");
        }

        return error;
    }
}
