using System.Runtime.CompilerServices;
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
    private int _touched; // what was read for its own sake is not left out

    private struct Entry
    {
        public ulong Low, High;
        public int Shape; // 0: free; else length << 8 | tokens
        public int First, Second, Third;
    }

    /// <summary>A word and where its tokens would be.</summary>
    /// <param name="Length">Of the word, 1..<see cref="LongestWord"/>: it may end in zeros.</param>
    public readonly record struct Key(ulong Low, ulong High, int Length, int Place);

    /// <summary>Finds a word's place and reads there, so that it comes into the processor's cache.</summary>
    /// <param name="word">Zeros behind its bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Key Touch(Vector128<byte> word, int length)
    {
        var (low, high) = (word.AsUInt64()[0], word.AsUInt64()[1]);
        var mixed = (low ^ (high * 0xC2B2AE3D27D4EB4F)) * 0x9E3779B97F4A7C15;
        var place = (int)((mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9 >> 49);
        _touched = _entries[place].Shape;
        return new Key(low, high, length, place);
    }

    /// <summary>Adds a word's tokens where they are known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdd(in Key key, TokenList tokens)
    {
        ref var entry = ref _entries[key.Place];
        if (entry.Low != key.Low || entry.High != key.High || entry.Shape >> 8 != key.Length)
        {
            entry = ref _entries[key.Place ^ 1];
            if (entry.Low != key.Low || entry.High != key.High || entry.Shape >> 8 != key.Length)
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
    public void Keep(in Key key, ReadOnlySpan<int> tokens)
    {
        _entries[key.Place ^ 1] = _entries[key.Place];
        _entries[key.Place] = new Entry
        {
            Low = key.Low,
            High = key.High,
            Shape = (key.Length << 8) | tokens.Length,
            First = tokens[0],
            Second = tokens.Length > 1 ? tokens[1] : 0,
            Third = tokens.Length > 2 ? tokens[2] : 0,
        };
    }
}
