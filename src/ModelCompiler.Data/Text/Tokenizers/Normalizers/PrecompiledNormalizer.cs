using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ModelCompiler.Data;

/// <summary>
/// What SentencePiece's table makes of characters: usually NFKC, white space as spaces, and controls gone. A character with its marks is looked
/// for as a whole where that is short, else each by itself.
/// </summary>
public sealed class PrecompiledNormalizer : TextNormalizer
{
    // As in the reference.
    private const int LongestWhole = 5;

    private readonly CharacterTable _table;
    private readonly string?[] _ascii = new string?[128];

    /// <param name="table">The size of a tree, the tree, and the texts that it leads to.</param>
    /// <exception cref="InvalidDataException">The bytes are no such table.</exception>
    public PrecompiledNormalizer(byte[] table)
    {
        _table = new CharacterTable([.. table]);
        for (var unit = 0; unit < _ascii.Length; unit++)
            _ascii[unit] = _table.Find([(byte)unit]);
    }

    internal override void Apply(AlignedText text)
    {
        var changes = new List<(Rune Scalar, int Surplus)>();
        var isChanged = false;
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength((ReadOnlySpan<char>)text.Text[at..]);
            isChanged |= Add(text.Text.Slice(at, length), changes);
            at += length;
        }

        if (!isChanged)
            return;
        text.Rewrite();
        text.Put(changes);

        text.Commit();
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "Precompiled");
        json.WriteBase64String("precompiled_charsmap", _table.Bytes);
        json.WriteEndObject();
    }

    private bool Add(ReadOnlySpan<char> element, List<(Rune Scalar, int Surplus)> changes)
    {
        if (element.Length > 1 && Find(element) is { } whole)
        {
            Replace(element, whole, changes);
            return true;
        }

        var isChanged = false;
        Span<char> units = stackalloc char[2];
        foreach (var scalar in element.EnumerateRunes())
        {
            var character = units[..scalar.EncodeToUtf16(units)];
            if (Find(character) is { } text)
            {
                Replace(character, text, changes);
                isChanged = true;
            }
            else
            {
                changes.Add((scalar, 0));
            }
        }

        return isChanged;
    }

    private string? Find(ReadOnlySpan<char> characters)
    {
        if (characters is [< '\u0080' and var unit])
            return _ascii[unit];
        Span<byte> bytes = stackalloc byte[LongestWhole];
        return Encoding.UTF8.TryGetBytes(characters, bytes, out var count) ? _table.Find(bytes[..count]) : null;
    }

    // What is more than before shares the source of what stands before it; what is less goes with the last that stays. At the start of a text
    // nothing stays, and the reference then gives what follows the source of what went.
    private static void Replace(ReadOnlySpan<char> old, string text, List<(Rune Scalar, int Surplus)> changes)
    {
        var count = Count(old);
        foreach (var scalar in text.EnumerateRunes())
            changes.Add((scalar, count-- > 0 ? 0 : 1));
        if (count > 0 && changes.Count > 0)
            changes[^1] = (changes[^1].Scalar, changes[^1].Surplus - count);
    }

    private static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }
}
