namespace ModelCompiler.Data;

/// <summary>
/// Every record once an epoch. A buffer holds the next records in their own order; each draw takes one of them by chance, and the next
/// record takes its slot, so that reading stays near where it was. Only numbers go through that buffer: nothing is read for it. As large
/// as the set, it makes every order as likely. Parts come in a drawn order. Uses 4 bytes a record.
/// </summary>
internal sealed class ShuffledOrder : IDrawOrder
{
    private const uint PartsDomain = 0x50415254, BufferDomain = 0x42554646;

    private readonly long _first;
    private readonly IReadOnlyList<long> _parts;
    private readonly ulong _seed;
    private readonly int[]? _order;
    private readonly int[] _buffer;
    private long _shuffled = -1;

    /// <param name="first">Number of the first record.</param>
    /// <param name="parts">Records that lie together; 1..2147483591 in all.</param>
    /// <param name="buffer">Records in the buffer; null: all; 0: the records' own order.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public ShuffledOrder(long first, IReadOnlyList<long> parts, ulong seed, int? buffer)
    {
        var count = parts.Sum();
        if (count < 1 || count > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(parts), count, $"A data set of {count} records cannot be ordered; legal is 1..{Array.MaxLength}.");
        if (buffer < 0)
            throw new ArgumentOutOfRangeException(nameof(buffer), buffer, $"A buffer of {buffer} records; legal is 0 or more.");
        (_first, _parts, _seed, EpochLength) = (first, parts, seed, count);
        _order = buffer == 0 ? null : new int[count];
        _buffer = new int[Math.Min(count, buffer ?? count)];
        var stretches = parts.Count == 1 ? "" : FormattableString.Invariant($" in {parts.Count:N0} parts");
        Identity = buffer == 0 ? FormattableString.Invariant($"{count:N0}{stretches} in their own order")
            : FormattableString.Invariant($"{count:N0}{stretches} shuffled by seed {seed}{(buffer < count ? $" through a buffer of {buffer:N0}" : "")}");
    }

    public long EpochLength { get; }

    public string Identity { get; }

    public Draw At(long place)
    {
        var (epoch, at) = Math.DivRem(place, EpochLength);
        Shuffle(epoch);
        return new Draw(epoch, _first + (_order is null ? at : _order[at]));
    }

    public (long First, long Count) Pool(Draw draw) => (_first, EpochLength);

    private void Shuffle(long epoch)
    {
        if (_order is null || _shuffled == epoch)
            return;
        var random = new RandomStream(_seed, BufferDomain, (ulong)epoch);
        var (held, drawn) = (0, 0);
        foreach (var (start, length) in PartsInOrder(epoch))
        {
            for (var index = start; index < start + length; index++)
            {
                if (held < _buffer.Length)
                {
                    _buffer[held++] = index;
                    continue;
                }

                var slot = (int)random.Below((uint)held);
                _order[drawn++] = _buffer[slot];
                _buffer[slot] = index;
            }
        }

        for (; held > 0; held--)
        {
            var slot = (int)random.Below((uint)held);
            _order[drawn++] = _buffer[slot];
            _buffer[slot] = _buffer[held - 1];
        }

        _shuffled = epoch;
    }

    private (int Start, int Length)[] PartsInOrder(long epoch)
    {
        var parts = new (int Start, int Length)[_parts.Count];
        var random = new RandomStream(_seed, PartsDomain, (ulong)epoch);
        var start = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var place = (int)random.Below((uint)i + 1);
            parts[i] = parts[place];
            parts[place] = (start, (int)_parts[i]);
            start += (int)_parts[i];
        }

        return parts;
    }
}
