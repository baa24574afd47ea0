namespace ModelCompiler.Data;

/// <summary>
/// Several sets by weights. Each block of places holds a fixed number of every set, in an order drawn from (seed, block): so the weights
/// hold exactly, and how far a set has got by any place is known without counting. Each set goes through epochs of its own.
/// </summary>
internal sealed class MixedOrder : IDrawOrder
{
    /// <summary>Places of a block, and so the finest difference of two weights.</summary>
    public const int Block = 10_000;

    private const uint Domain = 0x4D495845;

    private readonly ShuffledOrder[] _orders;
    private readonly long[] _firsts;
    private readonly int[] _quotas;
    private readonly ulong _seed;
    private readonly (int Set, int Nth)[] _slots = new (int Set, int Nth)[Block];
    private long _drawn = -1;

    /// <param name="orders">Of sets one behind the other.</param>
    /// <param name="weights">As many, each above 0; only their proportions count.</param>
    /// <exception cref="ArgumentException">Other numbers of sets and weights, or a weight that is not above 0.</exception>
    public MixedOrder(ShuffledOrder[] orders, IReadOnlyList<double> weights, ulong seed)
    {
        if (weights.Count != orders.Length || orders.Length is 0 or > Block / 10)
            throw new ArgumentException($"{weights.Count} weights for {orders.Length} data sets; legal are as many, 1..{Block / 10}.", nameof(weights));
        for (var i = 0; i < weights.Count; i++)
        {
            if (!double.IsFinite(weights[i]) || weights[i] <= 0)
                throw new ArgumentException(FormattableString.Invariant($"Weight {i} is {weights[i]}; legal is a number above 0."), nameof(weights));
        }

        (_orders, _seed, _quotas) = (orders, seed, Quotas(weights));
        EpochLength = orders.Sum(static o => o.EpochLength);
        Identity = string.Join(" and ", orders.Zip(weights, static (order, weight) => FormattableString.Invariant($"({order.Identity}) by {weight:R}")));
        _firsts = new long[orders.Length];
        for (var i = 1; i < orders.Length; i++)
            _firsts[i] = _firsts[i - 1] + orders[i - 1].EpochLength;
    }

    public long EpochLength { get; }

    public string Identity { get; }

    public Draw At(long place)
    {
        var (block, at) = Math.DivRem(place, Block);
        Shuffle(block);
        var (set, nth) = _slots[at];
        return _orders[set].At((block * _quotas[set]) + nth);
    }

    public (long First, long Count) Pool(Draw draw)
    {
        var found = Array.BinarySearch(_firsts, draw.Index);
        return _orders[found < 0 ? ~found - 1 : found].Pool(draw);
    }

    // By largest remainders; every set has a place.
    private static int[] Quotas(IReadOnlyList<double> weights)
    {
        var largest = weights.Max();
        var sum = weights.Sum(w => w / largest);
        double[] shares = [.. weights.Select(w => w / largest / sum * Block)];
        int[] quotas = [.. shares.Select(static s => Math.Max(1, (int)s))];
        for (var left = Block - quotas.Sum(); left != 0; left -= Math.Sign(left))
        {
            var most = Enumerable.Range(0, quotas.Length).Where(i => left > 0 || quotas[i] > 1).MaxBy(i => Math.Sign(left) * (shares[i] - quotas[i]));
            quotas[most] += Math.Sign(left);
        }

        return quotas;
    }

    private void Shuffle(long block)
    {
        if (_drawn == block)
            return;
        var random = new RandomStream(_seed, Domain, (ulong)block);
        var sets = new int[Block];
        var at = 0;
        for (var set = 0; set < _quotas.Length; set++)
        {
            sets.AsSpan(at, _quotas[set]).Fill(set);
            at += _quotas[set];
        }

        var counts = new int[_quotas.Length];
        for (var i = 0; i < Block; i++)
        {
            var other = i + (int)random.Below((uint)(Block - i));
            (sets[i], sets[other]) = (sets[other], sets[i]);
            _slots[i] = (sets[i], counts[sets[i]]++);
        }

        _drawn = block;
    }
}
