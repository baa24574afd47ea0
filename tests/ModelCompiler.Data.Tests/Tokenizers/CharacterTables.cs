using System.Buffers.Binary;
using System.Text;

namespace ModelCompiler.Data.Tests;

/// <summary>Writes tables of characters as SentencePiece does: a double array of 32-bit units, then the texts.</summary>
internal static class CharacterTables
{
    public static byte[] Of(IEnumerable<(string From, string To)> entries)
    {
        var texts = new List<byte>();
        var root = new Node();
        foreach (var (from, to) in entries)
        {
            var node = root;
            foreach (var letter in Encoding.UTF8.GetBytes(from))
                node = node.Children.TryGetValue(letter, out var next) ? next : node.Children[letter] = new Node();
            node.Value = texts.Count;
            texts.AddRange([.. Encoding.UTF8.GetBytes(to), 0]);
        }

        var units = new uint[1 << 17];
        var isTaken = new bool[units.Length];
        var origins = new HashSet<uint>(); // a unit tells its letter and not where it belongs: no two may count from the same place
        var (open, free) = (new Queue<(Node, uint)>([(root, 0u)]), 1u);
        isTaken[0] = true;
        while (open.TryDequeue(out var next))
        {
            var (node, at) = next;
            uint[] slots = [.. node.Value >= 0 ? [0u] : Array.Empty<uint>(), .. node.Children.Keys.Select(static k => (uint)k)];
            while (isTaken[free])
                free++;
            var from = free ^ slots[0];
            while (origins.Contains(from) || slots.Any(s => isTaken[from ^ s]))
                from++;
            origins.Add(from);
            units[at] |= ((at ^ from) << 10) | (node.Value >= 0 ? 1u << 8 : 0);
            foreach (var slot in slots)
                isTaken[from ^ slot] = true;
            if (node.Value >= 0)
                units[from] = (uint)node.Value | (1u << 31);
            foreach (var (letter, child) in node.Children)
            {
                units[from ^ letter] = letter;
                open.Enqueue((child, from ^ letter));
            }
        }

        var size = 256 * ((Array.FindLastIndex(isTaken, static t => t) / 256) + 1);
        return [.. Bytes((uint)(4 * size)), .. units[..size].SelectMany(Bytes), .. texts];
    }

    public static byte[] Bytes(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private sealed class Node
    {
        public SortedDictionary<byte, Node> Children { get; } = [];

        public int Value { get; set; } = -1;
    }
}
