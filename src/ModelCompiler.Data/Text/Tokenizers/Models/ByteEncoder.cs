using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace ModelCompiler.Data;

/// <summary>Byte-pair encoding of UTF-8 bytes. Short words come from a cache; no string is made of any.</summary>
internal sealed class ByteEncoder : PieceEncoder
{
    private const int Handful = 16;

    private readonly BytePairModel _model;
    private readonly PairTable _pairs;
    private readonly int[] _symbols, _lastSymbols, _lengths;
    private readonly int _unknown;
    private readonly bool _isWhole;

    public ByteEncoder(BytePairModel model, PairTable pairs)
    {
        (_model, _pairs, _unknown) = (model, pairs, model.UnknownId);
        _symbols = Symbols("");
        _lastSymbols = Symbols(model.EndOfWordSuffix ?? "");
        _isWhole = !_symbols.Contains(-1) && !_lastSymbols.Contains(-1);
        _lengths = new int[model.Vocabulary.Size];
        foreach (var (token, id) in model.Vocabulary.Entries)
        {
            var isLast = model.EndOfWordSuffix is { Length: > 0 } suffix && token.EndsWith(suffix, StringComparison.Ordinal);
            _lengths[id] = token.Length - (isLast ? model.EndOfWordSuffix!.Length : 0);
        }
    }

    // Words are looked for some at a time: where one is not yet in the processor's cache, the others are fetched meanwhile.
    [SkipLocalsInit]
    public override void EncodeAll(AlignedText text, PieceList pieces, EncodeScratch scratch, TokenList tokens)
    {
        if (!_isWhole || tokens.HasSpans)
        {
            base.EncodeAll(text, pieces, scratch, tokens);
            return;
        }

        Span<WordCache.Key> keys = stackalloc WordCache.Key[Handful];
        for (var first = 0; first < pieces.Count; first += Handful)
        {
            var some = keys[..Math.Min(Handful, pieces.Count - first)];
            for (var i = 0; i < some.Length; i++)
            {
                var start = pieces.Start(first + i);
                some[i] = TryPack(text.Buffer, start, pieces.End(first + i) - start, out var word, out var length) ? scratch.Words.Touch(word, length) : default;
            }

            for (var i = 0; i < some.Length; i++)
            {
                if (some[i].Length == 0)
                    Merge(Bytes(text.Text[pieces.Start(first + i)..pieces.End(first + i)], scratch), scratch, tokens);
                else if (!scratch.Words.TryAdd(some[i], tokens))
                    MergeAndKeep(some[i], scratch, tokens);
            }
        }
    }

    public override void Encode(AlignedText text, int start, int end, EncodeScratch scratch, TokenList tokens)
    {
        var before = tokens.Count;
        if (!_isWhole || !TryPack(text.Buffer, start, end - start, out var word, out var length))
            Merge(Bytes(text.Text[start..end], scratch), scratch, tokens);
        else if (scratch.Words.Touch(word, length) is var key && !scratch.Words.TryAdd(key, tokens))
            MergeAndKeep(key, scratch, tokens);
        if (tokens.HasSpans)
            Place(text, start, end, tokens, before, scratch.Merger);
    }

    // Up to 16 bytes as a vector with zeros behind them. The buffer may be read beyond its end.
    private static bool TryPack(char[] buffer, int start, int count, out Vector128<byte> word, out int length)
    {
        word = default;
        length = count;
        if (count > WordCache.LongestWord)
            return false;
        ref var first = ref Unsafe.As<char, ushort>(ref buffer[start]);
        var limit = Vector128.Create((ushort)count);
        var low = Vector128.LoadUnsafe(ref first) & Vector128.LessThan(Vector128.Create((ushort)0, 1, 2, 3, 4, 5, 6, 7), limit);
        var high = Vector128.LoadUnsafe(ref first, 8) & Vector128.LessThan(Vector128.Create((ushort)8, 9, 10, 11, 12, 13, 14, 15), limit);
        if (((low | high) & Vector128.Create((ushort)0xFF80)) != Vector128<ushort>.Zero)
            return TryPackUtf8(buffer.AsSpan(start, count), out word, out length);
        word = Vector128.Narrow(low, high);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryPackUtf8(ReadOnlySpan<char> piece, out Vector128<byte> word, out int length)
    {
        Span<byte> bytes = stackalloc byte[3 * WordCache.LongestWord];
        bytes.Clear();
        Utf8.FromUtf16(piece, bytes, out _, out length);
        word = Vector128.Create<byte>(bytes);
        return length <= WordCache.LongestWord;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MergeAndKeep(WordCache.Key key, EncodeScratch scratch, TokenList tokens)
    {
        Span<byte> bytes = stackalloc byte[WordCache.LongestWord];
        Vector128.Create(key.Low, key.High).AsByte().CopyTo(bytes);
        var before = tokens.Count;
        Merge(bytes[..key.Length], scratch, tokens);
        if (tokens.Count - before is > 0 and <= WordCache.MostTokens)
            scratch.Words.Keep(key, tokens.Ids[before..]);
    }

    private static ReadOnlySpan<byte> Bytes(ReadOnlySpan<char> piece, EncodeScratch scratch)
    {
        var bytes = scratch.Bytes(3 * piece.Length);
        return bytes[..Encoding.UTF8.GetBytes(piece, bytes)];
    }

    private void Merge(ReadOnlySpan<byte> bytes, EncodeScratch scratch, TokenList tokens)
    {
        var merger = scratch.Merger;
        merger.Clear();
        if (_model.IgnoreMerges && TryWhole(bytes, scratch, out var whole))
            merger.Add(whole, LetterBytes(bytes));
        else
            Spell(bytes, merger);
        merger.Merge(_pairs);
        foreach (var id in merger.Ids)
            tokens.Add(id);
    }

    private void Spell(ReadOnlySpan<byte> bytes, SymbolMerger merger)
    {
        var unknown = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            var id = (i == bytes.Length - 1 ? _lastSymbols : _symbols)[bytes[i]];
            if (id < 0 && _unknown < 0)
                continue;
            if (unknown > 0 && (id >= 0 || !_model.FuseUnknown))
            {
                merger.Add(_unknown, unknown);
                unknown = 0;
            }

            if (id >= 0)
                merger.Add(id, LetterBytes(bytes[i]));
            else
                unknown += LetterBytes(bytes[i]);
        }

        if (unknown > 0)
            merger.Add(_unknown, unknown);
    }

    private bool TryWhole(ReadOnlySpan<byte> bytes, EncodeScratch scratch, out int id)
    {
        var letters = scratch.Letters(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
            letters[i] = ByteAlphabet.Letter(bytes[i]);
        return _model.Vocabulary.TryGetId(letters, out id);
    }

    private static int LetterBytes(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        foreach (var value in bytes)
            sum += LetterBytes(value);
        return sum;
    }

    // Of the letter that stands for a byte, in UTF-8.
    private static int LetterBytes(byte value) => ByteAlphabet.Letter(value) < 0x80 ? 1 : 2;

    // Bytes inside one character share its span. Where letters lack, spans are counted in the bytes of letters, and those behind one that was left out move forward, as in the reference.
    private void Place(AlignedText text, int start, int end, TokenList tokens, int first, SymbolMerger merger)
    {
        var units = text.Text;
        var (at, bytesBefore) = (start, 0); // the character that holds byte number `from`, and the bytes before it
        var from = 0;
        for (var i = first; i < tokens.Count; i++)
        {
            var to = from + (_isWhole ? _lengths[tokens.Ids[i]] : merger.Lengths[i - first]);
            Skip(units, end, ref at, ref bytesBefore, from);
            var begin = at;
            Skip(units, end, ref at, ref bytesBefore, Math.Max(from, to - 1));
            tokens.SetSpan(i, new(begin, at < end && char.IsHighSurrogate(units[at]) ? at + 2 : Math.Min(at + 1, end)));
            from = to;
        }
    }

    private void Skip(ReadOnlySpan<char> units, int end, ref int at, ref int bytesBefore, int target)
    {
        while (at < end)
        {
            var isPair = char.IsHighSurrogate(units[at]);
            var bytes = isPair ? 4 : units[at] < 0x80 ? 1 : units[at] < 0x800 ? 2 : 3;
            if (!_isWhole)
                bytes = bytes == 1 ? LetterBytes((byte)units[at]) : 2 * bytes;
            if (bytesBefore + bytes > target)
                return;
            bytesBefore += bytes;
            at += isPair ? 2 : 1;
        }
    }

    private int[] Symbols(string suffix)
    {
        var symbols = new int[256];
        for (var value = 0; value < 256; value++)
            symbols[value] = _model.Vocabulary.TryGetId(ByteAlphabet.Letter((byte)value) + suffix, out var id) ? id : -1;
        return symbols;
    }
}
