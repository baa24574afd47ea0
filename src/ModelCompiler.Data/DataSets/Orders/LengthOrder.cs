using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ModelCompiler.Data;

/// <summary>
/// Another order in which records of like length stand together: of each stretch of so many steps the records are sorted, and the steps that they then are come in an order drawn from
/// (seed, stretch). Which records a stretch holds is the other order's to say, so that each has its turn as often as there.
/// </summary>
internal sealed class LengthOrder : IDrawOrder
{
    private const uint Domain = 0x4C454E47;

    private readonly IDrawOrder _order;
    private readonly int[] _lengths;
    private readonly ulong _seed;
    private readonly int _step;
    private readonly Draw[] _draws;
    private readonly long[] _keys;
    private readonly int[] _steps;
    private long _sorted = -1;

    /// <param name="lengths">Of each record.</param>
    /// <param name="step">Records of a step.</param>
    /// <param name="steps">Steps of a stretch.</param>
    public LengthOrder(IDrawOrder order, int[] lengths, int step, int steps, ulong seed)
    {
        (_order, _lengths, _seed, _step) = (order, lengths, seed, step);
        (_draws, _keys, _steps) = (new Draw[checked(step * steps)], new long[step * steps], new int[steps]);
        var digest = SHA256.HashData(MemoryMarshal.AsBytes<int>(lengths));
        Identity = FormattableString.Invariant($"{order.Identity}, of like length ({Convert.ToHexStringLower(digest.AsSpan(0, 4))}) by {step:N0} of {_draws.Length:N0}");
    }

    public long EpochLength => _order.EpochLength;

    public string Identity { get; }

    public Draw At(long place)
    {
        var (stretch, at) = Math.DivRem(place, _draws.Length);
        Sort(stretch);
        var (step, row) = Math.DivRem((int)at, _step);
        return _draws[(_steps[step] * _step) + row];
    }

    public (long First, long Count) Pool(Draw draw) => _order.Pool(draw);

    private void Sort(long stretch)
    {
        if (_sorted == stretch)
            return;
        for (var i = 0; i < _draws.Length; i++)
        {
            _draws[i] = _order.At((stretch * _draws.Length) + i);
            _keys[i] = ((long)_lengths[_draws[i].Index] << 32) | (uint)i; // of one length as they were
        }

        Array.Sort(_keys, _draws);
        var random = new RandomStream(_seed, Domain, (ulong)stretch);
        for (var i = 0; i < _steps.Length; i++)
        {
            var other = (int)random.Below((uint)i + 1);
            _steps[i] = _steps[other];
            _steps[other] = i;
        }

        _sorted = stretch;
    }
}
