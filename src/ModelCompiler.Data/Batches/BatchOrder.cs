namespace ModelCompiler.Data;

/// <summary>
/// The order in which the items of a data set are batched: every index once an epoch, in an order drawn from (seed, epoch) alone. An epoch can
/// therefore be entered at any place without walking through the ones before. Uses 4 bytes an item. Not for several threads at once.
/// </summary>
public sealed class BatchOrder
{
    private const uint Domain = 0x42415443;

    private readonly ulong _seed;
    private readonly bool _shuffle;
    private readonly int[] _order;
    private long _shuffled = -1;
    private BatchPosition _position;

    /// <param name="count">Number of items, 1..2147483591.</param>
    /// <param name="batch">Items a batch, at least 1; at most <paramref name="count"/> where the last batch is dropped.</param>
    /// <param name="seed">Names the orders of all epochs.</param>
    /// <param name="dropLast">Whether the last batch of an epoch is left out when it would not be full. Which items that hits differs by epoch.</param>
    /// <param name="shuffle">False to go through the items in their own order, as for measuring.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public BatchOrder(long count, int batch, ulong seed, bool dropLast = true, bool shuffle = true)
    {
        if (count < 1 || count > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A data set of {count} items cannot be ordered; legal is 1..{Array.MaxLength}.");
        if (batch < 1)
            throw new ArgumentOutOfRangeException(nameof(batch), batch, $"A batch of {batch} items; legal is 1 or more.");
        if (dropLast && batch > count)
        {
            throw new ArgumentOutOfRangeException(nameof(batch), batch,
                $"A batch of {batch} never fills from {count} items; legal is 1..{count}, or more with dropLast: false.");
        }

        (Count, Batch, DropLast, _seed, _shuffle) = (count, batch, dropLast, seed, shuffle);
        _order = new int[count];
        for (var i = 0; i < _order.Length; i++)
            _order[i] = i;
    }

    /// <summary>Number of items.</summary>
    public long Count { get; }

    /// <summary>Items in a full batch.</summary>
    public int Batch { get; }

    /// <summary>Whether a batch that would not be full is left out.</summary>
    public bool DropLast { get; }

    /// <summary>Batches from the start of an epoch to its end.</summary>
    public long BatchesPerEpoch => DropLast ? Count / Batch : (Count + Batch - 1) / Batch;

    /// <summary>The place of the next batch. After the last batch of an epoch it is the start of the next epoch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative epoch, or an offset outside 0..<see cref="Count"/>.</exception>
    public BatchPosition Position
    {
        get => _position;
        set
        {
            if (value.Epoch < 0)
                throw new ArgumentOutOfRangeException(nameof(value), value.Epoch, $"Epoch {value.Epoch} does not exist; legal is 0 or more.");
            if (value.Offset < 0 || value.Offset > Count)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value.Offset,
                    $"Offset {value.Offset} is outside the data; legal is 0..{Count}.");
            }

            _position = Settled(value);
        }
    }

    /// <summary>Writes the next batch's indices to the front of <paramref name="indices"/> and moves on; epochs follow each other without end.</summary>
    /// <param name="indices">At least <see cref="Batch"/> long.</param>
    /// <returns>The number written: <see cref="Batch"/>, or less for the last batch of an epoch where that is kept.</returns>
    /// <exception cref="ArgumentException"><paramref name="indices"/> is too short.</exception>
    public int Next(Span<long> indices)
    {
        if (indices.Length < Batch)
            throw new ArgumentException($"Room for {indices.Length} indices; a batch has {Batch}.", nameof(indices));
        Shuffle(_position.Epoch);
        var written = (int)Math.Min(Batch, Count - _position.Offset);
        for (var i = 0; i < written; i++)
            indices[i] = _order[_position.Offset + i];
        _position = Settled(_position with { Offset = _position.Offset + written });
        return written;
    }

    private BatchPosition Settled(BatchPosition position)
    {
        var left = Count - position.Offset;
        return left == 0 || (DropLast && left < Batch) ? new BatchPosition(position.Epoch + 1, 0) : position;
    }

    private void Shuffle(long epoch)
    {
        if (!_shuffle || _shuffled == epoch)
            return;
        var random = new RandomStream(_seed, Domain, (ulong)epoch);
        for (var i = 0; i < _order.Length; i++)
            _order[i] = i;
        for (var i = _order.Length - 1; i > 0; i--)
        {
            var other = (int)random.Below((uint)i + 1);
            (_order[i], _order[other]) = (_order[other], _order[i]);
        }

        _shuffled = epoch;
    }
}
