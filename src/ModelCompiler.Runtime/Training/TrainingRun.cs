using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime.Training;

/// <summary>
/// The books of a training loop: which batches come next, when to evaluate, what to report and to save. Emitted loops drive it:
/// <see cref="Next"/>, a step that is queued, <see cref="Report"/>, then evaluations while there are any. Results of steps are read when something
/// needs them: a line of progress, an evaluation, a checkpoint, a caller of <see cref="FitOptions.Stepped"/>, or a device that keeps no more.
/// </summary>
public sealed class TrainingRun<TBatch> : IDisposable
    where TBatch : class, IBatch
{
    private const int LongestIdentity = 4_000;

    private readonly ModelCore _core;
    private readonly IBatches<TBatch>? _heldOut;
    private readonly FitOptions _options;
    private readonly Func<ReadOnlySpan<TBatch>, NotFiniteException> _explain;
    private readonly IBatches<TBatch> _source;
    private readonly TBatch[] _batches;
    private readonly RunFolder? _folder;
    private readonly Prefetcher<TBatch> _prefetcher;
    private readonly Prefetcher<TBatch>? _evaluationPrefetcher;
    private readonly Interruption _interruption;
    private readonly RunLog _log;
    private readonly int _evaluationSize;
    private TBatch? _evaluationBatch;
    private int _evaluated = -1;
    private double _heldOutSum, _heldOutLoss = double.NaN;
    private bool _hasStep, _hasReport;
    private StepReport _report = new(0, double.NaN, double.NaN, double.NaN);
    private RunState _state;
    private string? _checkpoint;
    private bool _hasAverage;
    private long _savedStep = -1;

    /// <summary>Goes on from the newest checkpoint of the options' folder, or from the one they name.</summary>
    /// <param name="heldOut">Batches of evaluations; null: there are none.</param>
    /// <param name="explain">Computes the gradients of a step's batches again and says what is not finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="CheckpointException">The folder or the checkpoint cannot be used.</exception>
    public TrainingRun(ModelCore core, IBatches<TBatch> batches, IBatches<TBatch>? heldOut, FitOptions options, Func<ReadOnlySpan<TBatch>, NotFiniteException> explain)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (_core, _source, _heldOut, _options, _explain) = (core, batches, heldOut, options, explain);
        _state = RunState.Start with { Data = batches.Identity };
        _batches = new TBatch[core.Description.Accumulate];
        _evaluationSize = (int)Math.Min(options.EvaluationBatches, heldOut?.Count ?? 0);
        _folder = options.Checkpoints is null ? null : new RunFolder(options.Checkpoints, options.KeepLast);
        try
        {
            Resume();
            _log = new RunLog(options, core.Steps, TBatch.ItemName, _checkpoint);
        }
        catch
        {
            _folder?.Dispose();
            throw;
        }

        _interruption = new Interruption(options.HandleInterrupts);
        var left = Math.Min(Math.Max(0, options.Steps - core.Steps), (long.MaxValue - _state.Batches) / _batches.Length);
        _prefetcher = new Prefetcher<TBatch>(batches, _state.Batches, _state.Batches + (left * _batches.Length), _batches.Length);
        if (_evaluationSize > 0)
        {
            // The first batches of an evaluation are fetched while the steps before it are made.
            var repeated = Training.Batches.Of<TBatch>((number, reuse) => heldOut!.Get(number % _evaluationSize, reuse));
            _evaluationPrefetcher = new Prefetcher<TBatch>(repeated, 0, Math.Min(EvaluationsLeft(), long.MaxValue / _evaluationSize) * _evaluationSize, held: 1);
        }
    }

    /// <summary>The batches of the step.</summary>
    public ReadOnlySpan<TBatch> Batches => _batches;

    /// <summary>The batch to evaluate.</summary>
    public TBatch EvaluationBatch => _evaluationBatch!;

    /// <summary>How the run ended.</summary>
    public FitResult Result => new(
        _core.Steps, _report.Loss, _heldOutLoss, _state.BestLoss, _state.BestStep, _interruption.IsRequested && _core.Steps < _options.Steps, _checkpoint);

    /// <summary>Finishes the step before and gets the batches of the next; false: the run ends.</summary>
    /// <exception cref="CheckpointException">A checkpoint cannot be written.</exception>
    /// <exception cref="NotFiniteException">A step was not made.</exception>
    public bool Next()
    {
        var isLast = _core.Steps >= _options.Steps || _interruption.IsRequested;
        if (_hasStep)
        {
            _hasStep = false;
            var isDue = isLast || _core.Steps % _options.Every(_options.CheckpointEvery, 20) == 0;
            if (isDue)
            {
                Settle();
            }

            Finish(_evaluated < 0 ? null : _heldOutLoss);
            Save(isDue);
        }

        if (isLast)
        {
            _log.End(Result, _source.Summary, _heldOut?.Summary);
            return false;
        }

        for (var i = 0; i < _batches.Length; i++)
        {
            _batches[i] = _prefetcher.Take();
        }

        return true;
    }

    /// <summary>Notes a step that was queued.</summary>
    /// <exception cref="CheckpointException">The folder cannot be written.</exception>
    /// <exception cref="NotFiniteException">A step was not made.</exception>
    public void Report()
    {
        var items = 0L;
        foreach (var batch in _batches)
        {
            items += batch.Items;
        }

        _hasStep = true;
        _state = _state with { Batches = _state.Batches + _batches.Length };
        var isShown = _log.Count(_core.Steps, items);
        var isDue = _evaluationSize > 0 && IsEvaluated(_core.Steps);
        if (isShown || isDue || _options.Stepped is not null || _core.Pending == _core.MostPending)
        {
            Settle();
        }

        _prefetcher.Release(_batches.Length);
        if (isShown)
        {
            _log.Show(_report);
        }

        _options.Stepped?.Invoke(_report);
        _evaluated = isDue ? 0 : -1;
        if (isDue)
        {
            _heldOutSum = 0;
            SwapAverage();
        }
    }

    /// <summary>Gets the next batch to evaluate, where the step has any left. Evaluations see the moving average, where the model keeps one.</summary>
    public bool NextEvaluation()
    {
        if (_evaluated < 0)
        {
            return false;
        }

        if (_evaluated < _evaluationSize)
        {
            _evaluationBatch = _evaluationPrefetcher!.Take();
            return true;
        }

        _heldOutLoss = _heldOutSum / _evaluationSize;
        if (_heldOutLoss < _state.BestLoss || (double.IsNaN(_state.BestLoss) && !double.IsNaN(_heldOutLoss)))
        {
            _state = _state with { BestLoss = _heldOutLoss, BestStep = _core.Steps };
            if (_folder is not null)
            {
                _core.Save(_folder.Best);
            }
        }

        SwapAverage();
        return false;
    }

    /// <summary>Notes the loss of the batch that was evaluated.</summary>
    public void ReportEvaluation(double loss)
    {
        _heldOutSum += loss;
        _evaluated++;
        _evaluationPrefetcher!.Release(1);
    }

    public void Dispose()
    {
        if (_hasAverage)
        {
            SwapAverage(); // an evaluation failed
        }

        _prefetcher.Dispose();
        _evaluationPrefetcher?.Dispose();
        _interruption.Dispose();
        _log.Dispose();
        _folder?.Dispose();
    }

    private bool IsEvaluated(long step) => step == _options.Steps || step % _options.Every(_options.EvaluateEvery, 10) == 0;

    private long EvaluationsLeft()
    {
        var every = _options.Every(_options.EvaluateEvery, 10);
        return _core.Steps >= _options.Steps ? 0 : (_options.Steps / every) - (_core.Steps / every) + (_options.Steps % every == 0 ? 0 : 1);
    }

    // Reads the results of all steps that are pending.
    private void Settle()
    {
        while (_core.Pending > 0)
        {
            var behind = _core.Pending - 1;
            var isMade = _core.ReadStep(out var report);
            Finish(null);
            if (!isMade)
            {
                throw _explain(behind == 0 ? _batches : Again(behind));
            }

            (_report, _hasReport) = (report, true);
        }
    }

    // The batches of a step behind which others were queued: what held them has been filled again.
    private TBatch[] Again(int stepsBehind)
    {
        _prefetcher.Dispose();
        var first = _state.Batches - ((stepsBehind + 1L) * _batches.Length);
        return [.. _batches.Select((_, i) => _source.Get(first + i, null))];
    }

    // Only the step that was read last may have an evaluation behind it.
    private void Finish(double? heldOut)
    {
        if (_hasReport)
        {
            _hasReport = false;
            _log.Finish(_report, heldOut);
        }
    }

    private void Save(bool isDue)
    {
        if (_folder is null || !isDue || _savedStep == _core.Steps)
        {
            return;
        }

        // Before the checkpoint: a run that goes on from it writes no lines of steps before it.
        _log.Flush();
        _checkpoint = _folder.Save(_core, _state);
        _savedStep = _core.Steps;
    }

    private void Resume()
    {
        if ((_options.ResumeFrom ?? _folder?.Newest) is not { } source)
        {
            return;
        }

        var isOther = false;
        try
        {
            _state = TrainingCheckpoint.Read(source, _core, RequireSame) with { Data = _source.Identity };
            (_checkpoint, _savedStep) = (source, _core.Steps);
        }
        catch (CheckpointException e) when (!isOther && _options.ResumeFrom is null && _folder!.BeforeNewest is { } before)
        {
            throw new CheckpointException($"{e.Message}\nThe checkpoint before it is still there; to go on from that one, set ResumeFrom to '{before}'.", e);
        }

        // Where either cannot be told, as in checkpoints of before this was kept, there is nothing to compare.
        void RequireSame(string? data)
        {
            isOther = !_options.OtherData && data is not null && _source.Identity is { } now && now != data;
            if (isOther)
            {
                throw new CheckpointException(
                    $"{source} is of a run on other data: its next batch is not one of these.\n  there: {UntrustedText.Show(data!, LongestIdentity)}\n  here:  {UntrustedText.Show(_source.Identity!, LongestIdentity)}\nGo on with the same, begin in an empty folder, or set OtherData where others are meant.");
            }
        }
    }

    // The model holds its average in place of the weights, or its weights again.
    private void SwapAverage()
    {
        _core.SwapAverage();
        _hasAverage = !_hasAverage;
    }
}
