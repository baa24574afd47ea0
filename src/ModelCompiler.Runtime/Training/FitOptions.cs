namespace ModelCompiler.Runtime.Training;

/// <summary>How a model is trained by <c>Fit</c>. Counts are steps of the optimizer.</summary>
public sealed record FitOptions
{
    /// <summary>
    /// Steps in all, 1 or more, those included that the model has made before: in earlier runs in the same folder, by <c>TrainStep</c> or by another <c>Fit</c>. Where there are as many already,
    /// the run makes none and says so.
    /// </summary>
    public required long Steps { get; init; }

    /// <summary>Folder of checkpoints and metrics, made where it is absent; a run goes on from the newest checkpoint in it. Null: nothing is written.</summary>
    public string? Checkpoints { get; init; }

    /// <summary>Steps between checkpoints; 0: a twentieth of all.</summary>
    public long CheckpointEvery { get; init; }

    /// <summary>Newest checkpoints that are kept, 1 or more; the weights of the best evaluation are kept besides, in best/, for LoadPretrained.</summary>
    public int KeepLast { get; init; } = 3;

    /// <summary>
    /// Path of a checkpoint to go on from instead of the newest; those of more steps are deleted when the run saves its next. Unset it
    /// once that is there: each call that has it starts from it again.
    /// </summary>
    public string? ResumeFrom { get; init; }

    /// <summary>Goes on though <see cref="IBatches{TBatch}.Identity"/> is not what the checkpoint says: numbers of batches go on, and stand for others.</summary>
    public bool OtherData { get; init; }

    /// <summary>Steps between evaluations; 0: a tenth of all.</summary>
    public long EvaluateEvery { get; init; }

    /// <summary>Held-out batches of an evaluation, 1 or more.</summary>
    public int EvaluationBatches { get; init; } = 16;

    /// <summary>Steps between lines where the output is no terminal; 0: a twentieth of all. A terminal's line is renewed five times a second.</summary>
    public long ReportEvery { get; init; }

    /// <summary>Where progress goes; null: standard output. <see cref="TextWriter.Null"/> is silent.</summary>
    public TextWriter? Output { get; init; }

    /// <summary>Whether Ctrl-C and a request to terminate save a checkpoint and end the run, instead of the process.</summary>
    public bool HandleInterrupts { get; init; } = true;

    /// <summary>Called behind every step, on the training thread. A GPU is waited for each time.</summary>
    public Action<StepReport>? Stepped { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(CheckpointEvery);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepLast, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(EvaluateEvery);
        ArgumentOutOfRangeException.ThrowIfLessThan(EvaluationBatches, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ReportEvery);
    }

    /// <summary>A number of steps, or its default.</summary>
    internal long Every(long steps, int parts) => steps > 0 ? steps : Math.Max(1, Steps / parts);
}

/// <summary>One step of training.</summary>
/// <param name="Step">Steps that are done, this one included.</param>
/// <param name="Loss">Loss before the step.</param>
/// <param name="LearningRate">Rate of the step.</param>
/// <param name="GradientNorm">Global norm of the gradients before clipping.</param>
public readonly record struct StepReport(long Step, double Loss, double LearningRate, double GradientNorm);

/// <summary>How a run of <c>Fit</c> ended.</summary>
/// <param name="Steps">Steps that are done in all.</param>
/// <param name="Loss">Loss of the last step; NaN where this run made none.</param>
/// <param name="HeldOutLoss">Loss of the last evaluation; NaN without one.</param>
/// <param name="BestHeldOutLoss">The least of all evaluations, earlier runs included; NaN without one.</param>
/// <param name="BestStep">Steps that were done then.</param>
/// <param name="WasInterrupted">It was asked to stop before the last step.</param>
/// <param name="Checkpoint">The checkpoint that was written last; null: none.</param>
public sealed record FitResult(long Steps, double Loss, double HeldOutLoss, double BestHeldOutLoss, long BestStep, bool WasInterrupted, string? Checkpoint);
