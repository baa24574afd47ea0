using System.Runtime.Intrinsics;

namespace ModelCompiler.Data;

/// <summary>
/// Tokens of words of up to 16 bytes, by the bytes themselves, which are the key as one vector. Two places for each word; the older of two
/// goes. Nothing is allocated, whatever comes, and nothing grows.
/// </summary>
internal sealed class WordCache
{
    public const int LongestWord = 16;

    /// <summary>Words of more tokens are not kept.</summary>
    public const int MostTokens = 3;

    private const int Places = 1 << 15;

    private readonly Entry[] _entries = new Entry[Places];

    private struct Entry
    {
        public ulong Low, High;
        public int Shape; // 0: free; else length << 8 | tokens
        public int First, Second, Third;
    }

    /// <summary>Adds a word's tokens where they are known.</summary>
    /// <param name="word">Zeros behind its bytes.</param>
    /// <param name="length">1..<see cref="LongestWord"/>: a word may end in zeros.</param>
    public bool TryAdd(Vector128<byte> word, int length, TokenList tokens)
    {
        var (low, high) = (word.AsUInt64()[0], word.AsUInt64()[1]);
        var place = Place(low, high);
        ref var entry = ref _entries[place];
        if (entry.Low != low || entry.High != high || entry.Shape >> 8 != length)
        {
            entry = ref _entries[place ^ 1];
            if (entry.Low != low || entry.High != high || entry.Shape >> 8 != length)
                return false;
        }

        tokens.Add(entry.First);
        if ((entry.Shape & 0xFF) > 1)
        {
            tokens.Add(entry.Second);
            if ((entry.Shape & 0xFF) > 2)
                tokens.Add(entry.Third);
        }

        return true;
    }

    /// <summary>Keeps a word's tokens, 1..<see cref="MostTokens"/> of them.</summary>
    public void Keep(Vector128<byte> word, int length, ReadOnlySpan<int> tokens)
    {
        var (low, high) = (word.AsUInt64()[0], word.AsUInt64()[1]);
        var place = Place(low, high);
        _entries[place ^ 1] = _entries[place];
        _entries[place] = new Entry
        {
            Low = low,
            High = high,
            Shape = (length << 8) | tokens.Length,
            First = tokens[0],
            Second = tokens.Length > 1 ? tokens[1] : 0,
            Third = tokens.Length > 2 ? tokens[2] : 0,
        };
    }

    private static int Place(ulong low, ulong high)
    {
        var mixed = (low ^ (high * 0xC2B2AE3D27D4EB4F)) * 0x9E3779B97F4A7C15;
        return (int)((mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9 >> 49);
    }
}
