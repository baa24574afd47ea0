using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace ModelCompiler.Data;

/// <summary>
/// SentencePiece's table of what characters become: four bytes with the size of a tree, the tree, and texts that end in zeros. The tree is a
/// double array of 32-bit units, as Darts writes it: a unit has the byte that leads to it, how far away those behind it lie, and whether a
/// value ends there, which is the place of a text.
/// </summary>
internal sealed class CharacterTable
{
    private const uint LeafFlag = 1u << 8, WideFlag = 1u << 9, ValueFlag = 1u << 31;

    private readonly byte[] _bytes;
    private readonly uint[] _units;
    private readonly byte[] _texts;

    /// <exception cref="InvalidDataException">The bytes are no such table.</exception>
    public CharacterTable(byte[] bytes)
    {
        _bytes = bytes;
        var size = bytes.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (size == 0 || size % 4 != 0 || size > bytes.Length - 4)
            throw new InvalidDataException($"a tree of {size} bytes in a table of {bytes.Length}; legal is a multiple of 4 that the table has room for");
        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++)
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 + (4 * i)));
        _texts = bytes[(4 + (int)size)..];
        if (!Utf8.IsValid(_texts))
            throw new InvalidDataException("the texts behind the tree are no UTF-8");
        Check();
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>What a character, or several, become: the text of the shortest entry that they begin with. Null: they have none.</summary>
    public string? Find(ReadOnlySpan<byte> utf8)
    {
        var at = Offset(_units[0]);
        foreach (var letter in utf8)
        {
            at ^= letter;
            if (letter == 0 || at >= _units.Length || !Leads(_units[at], letter))
                return null;
            var unit = _units[at];
            at ^= Offset(unit);
            if ((unit & LeafFlag) == 0)
                continue;
            var text = _texts.AsSpan(Value(at));
            return Encoding.UTF8.GetString(text[..(text.IndexOf((byte)0) is var end and >= 0 ? end : text.Length)]);
        }

        return null;
    }

    // Every value that a text can lead to is the place of one. Units may share what lies behind them, and are looked at once.
    private void Check()
    {
        var seen = new bool[_units.Length];
        var open = new Stack<uint>([Offset(_units[0])]);
        while (open.TryPop(out var from))
        {
            for (var letter = 1u; letter < 256; letter++)
            {
                var at = from ^ letter;
                if (at >= _units.Length || seen[at] || !Leads(_units[at], (byte)letter))
                    continue;
                seen[at] = true;
                var next = at ^ Offset(_units[at]);
                if ((_units[at] & LeafFlag) != 0 && (next >= _units.Length || Value(next) >= _texts.Length || (_texts[Value(next)] & 0xC0) == 0x80))
                    throw new InvalidDataException($"unit {at} of the tree leads to no text");
                open.Push(next);
            }
        }
    }

    private int Value(uint at) => (int)(_units[at] & ~ValueFlag);

    private static bool Leads(uint unit, byte letter) => (unit & (ValueFlag | 0xFF)) == letter;

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & WideFlag) >> 6);
}
