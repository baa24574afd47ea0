namespace ModelCompiler.Runtime;

/// <content>Steps on several batches whose pairs all meet.</content>
public sealed partial class ModelCore
{
    /// <summary>
    /// Begins the gradients of several batches whose pairs all meet: <see cref="GatherPairs"/> for each batch, <see cref="QueueComparison"/>, then
    /// <see cref="QueueGradientsOfPairs"/> for each batch again, in the same order.
    /// </summary>
    /// <param name="pairs">Of all batches.</param>
    /// <exception cref="InvalidOperationException">Batches of the model are trained on by themselves.</exception>
    public void BeginPairs(long pairs)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _rules.Check(Pass.Compare, pairs, 1);
        _pairs.Begin(pairs);
        _draw = FirstDraw;
    }

    /// <summary>Computes and keeps what is compared of the next batch, with dropout; its inputs are set.</summary>
    public void GatherPairs(long batch, Lengths lengths)
    {
        _pairs.RequireRoom(batch);
        Run(Pass.Embed, batch, lengths, false);
        _pairs.Gather(batch, lengths);
        _draw++;
    }

    /// <summary>Computes the loss of all pairs and keeps it on the device; the targets of all batches are set.</summary>
    /// <exception cref="InvalidOperationException">Pairs are missing.</exception>
    public void QueueComparison()
    {
        _pairs.SetInputs();
        Run(Pass.Compare, _pairs.Count, 1, false);
        _engine.KeepLoss(Pass.Compare, _pairs.Count, 1, _steps.Slot, false);
        _pairs.KeepSlopes();
        _draw = FirstDraw;
    }

    /// <summary>Adds the gradients of the next batch; its inputs are set again.</summary>
    public void QueueGradientsOfPairs(long batch, Lengths lengths)
    {
        _pairs.SetSlopes(batch);
        Run(Pass.Backward, batch, lengths, !_pairs.IsFirst);
        _pairs.Advance(batch);
        _draw++;
    }
}
