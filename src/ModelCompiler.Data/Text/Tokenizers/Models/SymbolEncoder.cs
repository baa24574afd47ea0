namespace ModelCompiler.Data;

/// <summary>Byte-pair encoding of characters, with what is written before those that continue a piece and behind the one that ends it.</summary>
internal sealed class SymbolEncoder(BytePairModel model, PairTable pairs) : PieceEncoder
{
    private readonly int _unknown = model.UnknownId;
    private readonly string _prefix = model.ContinuingPrefix ?? "", _suffix = model.EndOfWordSuffix ?? "";

    public override void Encode(AlignedText text, int start, int end, EncodeScratch scratch, TokenList tokens)
    {
        var merger = scratch.Merger;
        merger.Clear();
        if (model.IgnoreMerges && model.Vocabulary.TryGetId(text.Text[start..end], out var whole))
            merger.Add(whole, end - start);
        else
            Spell(text.Text[start..end], merger, scratch);
        merger.Merge(pairs);
        for (var i = 0; i < merger.Count; start += merger.Lengths[i++])
            tokens.Add(merger.Ids[i], start, start + merger.Lengths[i]);
    }

    // Without an unknown token what the vocabulary lacks is left out, and spans behind it move forward, as in the reference.
    private void Spell(ReadOnlySpan<char> piece, SymbolMerger merger, EncodeScratch scratch)
    {
        var unknown = 0;
        for (int at = 0, units; at < piece.Length; at += units)
        {
            units = char.IsHighSurrogate(piece[at]) ? 2 : 1;
            var symbol = scratch.Letters(_prefix.Length + units + _suffix.Length);
            var length = 0;
            if (at > 0)
            {
                _prefix.CopyTo(symbol);
                length = _prefix.Length;
            }

            piece.Slice(at, units).CopyTo(symbol[length..]);
            length += units;
            if (at + units == piece.Length)
            {
                _suffix.CopyTo(symbol[length..]);
                length += _suffix.Length;
            }

            var isKnown = model.Vocabulary.TryGetId(symbol[..length], out var id);
            if (!isKnown && _unknown < 0)
                continue;
            if (unknown > 0 && (isKnown || !model.FuseUnknown))
            {
                merger.Add(_unknown, unknown);
                unknown = 0;
            }

            if (isKnown)
                merger.Add(id, units);
            else
                unknown += units;
        }

        if (unknown > 0)
            merger.Add(_unknown, unknown);
    }
}
