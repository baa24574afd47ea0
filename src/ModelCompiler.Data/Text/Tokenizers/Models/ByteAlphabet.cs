using System.Text;

namespace ModelCompiler.Data;

/// <summary>
/// Byte-level vocabularies write every byte as a printable letter: 33..126, 161..172 and 174..255 stand for themselves, the other 68 are
/// U+0100, U+0101, ... in rising order.
/// </summary>
public static class ByteAlphabet
{
    private static readonly char[] s_letters = Letters();
    private static readonly short[] s_bytes = Bytes();

    /// <summary>The letter of each byte.</summary>
    public static ReadOnlySpan<char> All => s_letters;

    /// <summary>The bytes in the order in which GPT-2 numbers them: those that stand for themselves first.</summary>
    public static IEnumerable<byte> InOrder => Enumerable.Range(0, 256).OrderBy(static b => s_letters[b]).Select(static b => (byte)b);

    public static char Letter(byte value) => s_letters[value];

    /// <summary>The byte of a letter; false for characters that stand for none.</summary>
    public static bool TryByte(char letter, out byte value)
    {
        var found = letter < s_bytes.Length ? s_bytes[letter] : (short)-1;
        value = (byte)found;
        return found >= 0;
    }

    /// <summary>A text as the letters of its UTF-8 bytes.</summary>
    public static string Spell(string text) => string.Create(Encoding.UTF8.GetByteCount(text), text, static (letters, t) =>
    {
        var bytes = Encoding.UTF8.GetBytes(t);
        for (var i = 0; i < bytes.Length; i++)
            letters[i] = s_letters[bytes[i]];
    });

    private static bool IsItself(int value) => value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174;

    private static char[] Letters()
    {
        var next = 256;
        return [.. Enumerable.Range(0, 256).Select(b => (char)(IsItself(b) ? b : next++))];
    }

    private static short[] Bytes()
    {
        var bytes = new short[256 + 68];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++)
            bytes[s_letters[value]] = (short)value;
        return bytes;
    }
}
