using System.Numerics;

namespace ModelCompiler.Data;

/// <summary>What neighbours become, by their ids: (left, right) to (rank, id), in one array of open addressing.</summary>
internal sealed class PairTable
{
    /// <summary>No pair: above every rank.</summary>
    public const ulong None = ulong.MaxValue;

    private readonly ulong[] _slots;
    private readonly int _shift;

    /// <param name="merges">The earliest has rank 0; of equal pairs the last one counts.</param>
    public PairTable(IReadOnlyList<(int Left, int Right, int Result)> merges)
    {
        var bits = BitOperations.Log2((uint)Math.Max(8, 2 * merges.Count)) + 1;
        _slots = new ulong[2 << bits];
        _shift = 64 - bits;
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right, result) = merges[rank];
            var slot = Slot(Key(left, right));
            (_slots[slot], _slots[slot + 1]) = (Key(left, right), ((ulong)rank << 32) | (uint)result);
        }
    }

    /// <summary>Rank in the upper half, id in the lower; <see cref="None"/> where the pair is never merged.</summary>
    public ulong Find(int left, int right)
    {
        var key = Key(left, right);
        var slot = Slot(key);
        return _slots[slot] == key ? _slots[slot + 1] : None;
    }

    // 0 marks free slots.
    private static ulong Key(int left, int right) => (((ulong)(uint)left << 32) | (uint)right) + 1;

    private int Slot(ulong key)
    {
        var slot = (int)((key * 0x9E3779B97F4A7C15) >> _shift) << 1;
        while (_slots[slot] != 0 && _slots[slot] != key)
            slot = (slot + 2) & (_slots.Length - 1);
        return slot;
    }
}
