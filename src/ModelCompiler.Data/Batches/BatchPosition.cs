namespace ModelCompiler.Data;

/// <summary>Where a <see cref="BatchOrder"/> stands; store it in a checkpoint to resume with exactly the batches that were still to come.</summary>
/// <param name="Epoch">Number of finished passes over the data, from 0.</param>
/// <param name="Offset">Items of this pass already handed out.</param>
public readonly record struct BatchPosition(long Epoch, long Offset);
