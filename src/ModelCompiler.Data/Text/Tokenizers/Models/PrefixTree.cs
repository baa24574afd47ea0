using System.Numerics;

namespace ModelCompiler.Data;

/// <summary>The tokens of a vocabulary, letter by letter: all that begin a text are found in one walk.</summary>
internal sealed class PrefixTree
{
    public const int Root = 0;

    private readonly ulong[] _keys;
    private readonly int[] _children;
    private readonly int _shift;
    private readonly List<int> _ids = [-1];

    public PrefixTree(IEnumerable<KeyValuePair<string, int>> tokens)
    {
        KeyValuePair<string, int>[] all = [.. tokens];
        var most = Math.Max(4, all.Sum(static t => (long)t.Key.Length));
        var bits = BitOperations.Log2((ulong)most) + 2;
        _keys = new ulong[1 << bits];
        _children = new int[_keys.Length];
        _shift = 64 - bits;
        foreach (var (token, id) in all)
        {
            var node = Root;
            foreach (var unit in token)
            {
                var slot = Slot(node, unit);
                if (_keys[slot] == 0)
                {
                    (_keys[slot], _children[slot]) = (Key(node, unit), _ids.Count);
                    _ids.Add(-1);
                }

                node = _children[slot];
            }

            _ids[node] = id;
        }
    }

    /// <summary>The node one letter on; -1 where no token goes on so.</summary>
    public int Step(int node, char unit)
    {
        var slot = Slot(node, unit);
        return _keys[slot] != 0 ? _children[slot] : -1;
    }

    /// <summary>The node behind a text; -1 where no token begins with it.</summary>
    public int Walk(ReadOnlySpan<char> text)
    {
        var node = Root;
        for (var i = 0; i < text.Length && node >= 0; i++)
            node = Step(node, text[i]);
        return node;
    }

    /// <summary>The token that ends at a node, or -1.</summary>
    public int Id(int node) => _ids[node];

    private static ulong Key(int node, char unit) => (((ulong)(uint)node << 16) | unit) + 1;

    private int Slot(int node, char unit)
    {
        var key = Key(node, unit);
        var slot = (int)((key * 0x9E3779B97F4A7C15) >> _shift);
        while (_keys[slot] != 0 && _keys[slot] != key)
            slot = (slot + 1) & (_keys.Length - 1);
        return slot;
    }
}
