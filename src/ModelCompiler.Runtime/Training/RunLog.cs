namespace ModelCompiler.Runtime.Training;

/// <summary>Everything that a run says: its progress, and its metrics where it has a folder.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly ProgressDisplay _display;
    private readonly MetricsFile? _metrics;
    private readonly EventFile? _events;

    /// <param name="step">Steps that are done.</param>
    /// <param name="items">What is counted: tokens, pictures.</param>
    /// <param name="source">Checkpoint that the run goes on from; null: it starts.</param>
    /// <exception cref="Checkpoints.CheckpointException">The folder cannot be written.</exception>
    public RunLog(FitOptions options, long step, string items, string? source)
    {
        var output = options.Output ?? Console.Out;
        var isTerminal = options.Output is null && !Console.IsOutputRedirected;
        _display = new ProgressDisplay(output, isTerminal, options.Steps, options.Every(options.ReportEvery, 20), items);
        if (options.Checkpoints is { } folder)
        {
            _metrics = new MetricsFile(folder, step);
            _events = new EventFile(folder, step);
        }

        if (source is not null)
        {
            _display.Note(FormattableString.Invariant($"going on from step {step:N0}: {source}"));
        }
    }

    public void Step(StepReport report, long items) => _display.Step(report, items);

    /// <summary>Ends a step.</summary>
    /// <param name="heldOut">Loss of the evaluation behind it; NaN: there was none.</param>
    public void Finish(StepReport report, double heldOut)
    {
        _metrics?.Add(report, heldOut);
        _events?.Add(report.Step, "loss/train", report.Loss);
        _events?.Add(report.Step, "learning_rate", report.LearningRate);
        _events?.Add(report.Step, "gradient_norm", report.GradientNorm);
        if (!double.IsNaN(heldOut))
        {
            _events?.Add(report.Step, "loss/held_out", heldOut);
            _display.Note(FormattableString.Invariant($"step {report.Step:N0}  held-out loss {heldOut:F4}"));
        }
    }

    /// <summary>Says how the run ended.</summary>
    public void End(FitResult result)
    {
        _display.End();
        if (result.WasInterrupted)
        {
            _display.Note(FormattableString.Invariant($"stopped at step {result.Steps:N0}; ") + (result.Checkpoint is { } path ? $"the same call goes on from {path}" : "nothing was saved: there is no folder of checkpoints"));
        }
    }

    public void Flush()
    {
        _metrics?.Flush();
        _events?.Flush();
    }

    public void Dispose()
    {
        _display.End();
        _metrics?.Dispose();
        _events?.Dispose();
    }
}
