using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime.Training;

/// <summary>Everything that a run says: its progress, and its metrics where it has a folder.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly ProgressDisplay _display;
    private readonly FitOptions _options;
    private readonly MetricsFile? _metrics;
    private readonly EventFile? _events;

    /// <param name="step">Steps that are done; where those are all, no file is touched.</param>
    /// <param name="items">What is counted: tokens, pictures.</param>
    /// <param name="source">Checkpoint that the run goes on from; null: it starts.</param>
    /// <exception cref="CheckpointException">The folder cannot be written.</exception>
    public RunLog(FitOptions options, long step, string items, string? source)
    {
        _options = options;
        Func<int>? columns = options.Output is null && !Console.IsOutputRedirected ? static () => Console.WindowWidth : null;
        _display = new ProgressDisplay(options.Output ?? Console.Out, columns, options.Steps, options.Every(options.ReportEvery, 20), items);
        if (step >= options.Steps)
        {
            _display.Note(FormattableString.Invariant($"nothing to do: step {step:N0} of {options.Steps:N0} was reached before"));
            return;
        }

        if (options.Checkpoints is { } folder)
        {
            _metrics = new MetricsFile(folder, step);
            try
            {
                _events = new EventFile(folder, step);
            }
            catch (Exception e) when (DiskFailure.Is(e))
            {
                _metrics.Dispose();
                throw Failure(e);
            }
        }

        if (source is not null)
        {
            _display.Note(FormattableString.Invariant($"going on from step {step:N0}: {source}"));
        }
    }

    /// <summary>Counts a step. True: a line of progress is due.</summary>
    public bool Count(long step, long items) => _display.Count(step, items);

    public void Show(StepReport report) => _display.Show(report);

    /// <summary>Ends a step.</summary>
    /// <param name="heldOut">Loss of the evaluation behind it; null: there was none.</param>
    /// <exception cref="CheckpointException">The folder cannot be written.</exception>
    public void Finish(StepReport report, double? heldOut)
    {
        try
        {
            _metrics?.Add(report, heldOut);
            _events?.Add(report.Step, "loss/train", report.Loss);
            _events?.Add(report.Step, "learning_rate", report.LearningRate);
            _events?.Add(report.Step, "gradient_norm", report.GradientNorm);
            if (heldOut is { } loss)
            {
                _events?.Add(report.Step, "loss/held_out", loss);
                _display.Note(FormattableString.Invariant($"step {report.Step:N0}  held-out loss {loss:F4}"));
            }
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw Failure(e);
        }
    }

    /// <summary>Says how the run ended.</summary>
    /// <param name="batches">What is to be said of the batches; null: nothing.</param>
    /// <param name="heldOut">The same of those of evaluations.</param>
    public void End(FitResult result, string? batches = null, string? heldOut = null)
    {
        _display.End();
        if (batches is not null)
        {
            _display.Note(batches);
        }

        if (heldOut is not null)
        {
            _display.Note($"held out: {heldOut}");
        }

        if (result.WasInterrupted)
        {
            var rest = result.Checkpoint is { } path ? $"the same call{(_options.ResumeFrom is null ? "" : " without ResumeFrom")} goes on from {path}"
                : _options.Checkpoints is null ? "nothing was saved: there is no folder of checkpoints"
                : "nothing was saved: no step was made";
            _display.Note(FormattableString.Invariant($"stopped at step {result.Steps:N0}; {rest}"));
        }
    }

    /// <summary>Hands all lines to the system: what it has is there even if the process is killed.</summary>
    /// <exception cref="CheckpointException">The folder cannot be written.</exception>
    public void Flush()
    {
        try
        {
            _metrics?.Flush();
            _events?.Flush();
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw Failure(e);
        }
    }

    public void Dispose()
    {
        _display.End();
        Close(_metrics);
        Close(_events);
    }

    // What a disk that is full does not take now is behind the last checkpoint: a run that goes on writes it anew. The first failure is the one to report.
    private static void Close(IDisposable? file)
    {
        try
        {
            file?.Dispose();
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
        }
    }

    private CheckpointException Failure(Exception e) => new($"The metrics in '{_options.Checkpoints}' cannot be written: {e.Message}", e);
}
