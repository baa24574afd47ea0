using ModelCompiler.Cli.Hosting;
using ModelCompiler.Runtime;
using ModelCompiler.Testing;

namespace ModelCompiler.Golden;

/// <summary>The largest error of a kind over what is allowed, and where it is.</summary>
internal readonly record struct GoldenError(double Ratio, string Where)
{
    public GoldenError Or(GoldenError other) => Or(other.Ratio, other.Where);

    public GoldenError Or(double ratio, string where) => ratio > Ratio || double.IsNaN(ratio) ? new GoldenError(double.IsNaN(ratio) ? double.PositiveInfinity : ratio, where) : this;
}

/// <summary>How a case went: errors over their tolerances, at most 1 where all is well.</summary>
internal sealed record GoldenResult(string Name, GoldenError Outputs, GoldenError Gradients, GoldenError Curve, string Verdict)
{
    /// <summary>Every loss and score that was computed, in order; empty where a case could not be run.</summary>
    public IReadOnlyList<double> Losses { get; init; } = [];

    /// <summary>Outputs of the case that no pass of ours forms by itself: the verdict says nothing of them.</summary>
    public IReadOnlyList<string> NotCompared { get; init; } = [];

    public bool IsOk => Verdict == "ok";

    public static GoldenResult Of(string name, GoldenError outputs, GoldenError gradients, GoldenError curve, IReadOnlyList<double> losses)
    {
        var worst = new[] { outputs, gradients, curve }.MaxBy(static e => e.Ratio);
        return new GoldenResult(name, outputs, gradients, curve, worst.Ratio <= 1 ? "ok" : $"off ({worst.Where})") { Losses = losses };
    }

    public override string ToString() => FormattableString.Invariant($"{Name}\t{Outputs.Ratio:F3}\t{Gradients.Ratio:F3}\t{Curve.Ratio:F3}\t{Verdict}{(NotCompared.Count == 0 ? "" : $" (not compared: {string.Join(", ", NotCompared)})")}");
}

/// <summary>Runs one case: outputs, gradients, twenty steps of training, frozen parameters.</summary>
internal static class GoldenCase
{
    // Any of them shows that a case is meant to be a model's.
    private static readonly string[] s_files = ["config.json", "model.safetensors", "inputs.safetensors"];

    /// <summary>Folders of whole models and of losses below a folder, in order; what else has a <c>case.json</c> is none: a processor of pictures.</summary>
    public static IEnumerable<string> Below(string folder) => Directory.EnumerateFiles(folder, "case.json", SearchOption.AllDirectories)
        .Select(static f => Path.GetDirectoryName(f)!).Where(static f => s_files.Any(name => File.Exists(Path.Combine(f, name)))).Order(StringComparer.Ordinal);

    /// <summary>A case on the widest vectors and all cores.</summary>
    public static GoldenResult Run(string folder) => Run(folder, Device.Cpu)[0];

    /// <summary>A case on each of some devices: compiled once, loaded and trained on each anew.</summary>
    public static IReadOnlyList<GoldenResult> Run(string folder, params Device[] devices)
    {
        Func<GoldenFiles, Device, GoldenResult>? run = null;
        return [.. devices.Select(d => Try(folder, files => (run ??= Compile(files, devices.Any(static x => x is not CpuDevice)))(files, d)))];
    }

    private static Func<GoldenFiles, Device, GoldenResult> Compile(GoldenFiles files, bool hasGpu)
    {
        if (StoredLosses.Is(files.Folder))
        {
            return GoldenLoss.Compile(files, hasGpu);
        }

        var hosted = GoldenModel.Compile(files, hasGpu);
        return (f, device) => Run(f, hosted, device);
    }

    private static GoldenResult Try(string folder, Func<GoldenFiles, GoldenResult> run)
    {
        var name = $"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(folder)))}/{Path.GetFileName(folder)}";
        try
        {
            using var files = new GoldenFiles(folder);
            return run(files);
        }
        catch (UnsupportedException e)
        {
            return new GoldenResult(name, default, default, default, $"unsupported ({e.Message})");
        }
        catch (Exception e) // A case that is broken in whatever way says nothing of the next.
        {
            return new GoldenResult(name, default, default, default, $"off ({e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")})");
        }
    }

    private static GoldenResult Run(GoldenFiles files, HostedModel hosted, Device device)
    {
        using var model = hosted.Load(files.Folder, out _, device, seed: 1);
        var core = model.Core;
        var batch = new GoldenBatch(model, files);
        batch.Set(core);
        var losses = new List<double>();
        if (core.Description.HasLoss && files.Gradients is not null)
        {
            losses.Add(core.Evaluate(batch.Batch, batch.Length));
        }
        else
        {
            core.Forward(batch.Batch, batch.Length);
        }

        var outputs = GoldenOutputs.Compare(files, core, batch);
        if (files.Generations.Count > 0)
        {
            outputs = outputs.Or(GoldenGeneration.Compare(files, core, core.Output("logits"), losses));
        }

        GoldenError gradients = default, curve = default;
        if (files.Gradients is not null)
        {
            batch.Set(core);
            losses.Add(core.ComputeGradients(batch.Batch, batch.Length, accumulate: false));
            var bindings = core.Description.Checkpoint.Bindings;
            gradients = GoldenGradients.Compare(files, core, bindings);
            curve = GoldenCurve.Compare(files, core, bindings, batch, losses);
        }

        return GoldenResult.Of(files.Name, outputs, gradients, curve, losses);
    }
}
