namespace ModelCompiler.Data;

/// <summary>A text, its tokens, and those of them that a row has.</summary>
internal sealed record TokenSource(string Text, TokenList Tokens, TokenWindow Window);

/// <summary>Puts texts' tokens into their template: ids alone, or with all that is known of them.</summary>
internal sealed class RowComposer
{
    private static readonly TemplatePiece[] s_single = [TemplatePiece.OfText(0)];
    private static readonly TemplatePiece[] s_pair = [TemplatePiece.OfText(0), TemplatePiece.OfText(1, 1)];

    private readonly PostProcessor? _processor;
    private readonly Vocabulary _vocabulary;
    private readonly TemplatePiece[][] _templates; // single, pair, and the same without special tokens
    private readonly int[] _specialCounts;

    /// <exception cref="ArgumentException">The template has a token that the vocabulary lacks, or knows by another id.</exception>
    public RowComposer(PostProcessor? processor, Vocabulary vocabulary)
    {
        (_processor, _vocabulary) = (processor, vocabulary);
        TemplatePiece[] single = [.. processor?.Single ?? s_single], pair = [.. processor?.Pair ?? s_pair];
        _templates = [single, pair, [.. single.Where(static p => p.Text is not null)], [.. pair.Where(static p => p.Text is not null)]];
        foreach (var (token, id) in _templates.SelectMany(static t => t).SelectMany(static p => p.Tokens))
        {
            if (vocabulary[id] != token)
                throw new ArgumentException($"The template's token '{token}' has the id {id}, which is {(vocabulary[id] is { } other ? $"'{other}'" : "no token")} in the vocabulary.");
        }

        _specialCounts = [.. _templates.Select(static t => t.Sum(static p => p.Tokens.Count))];
    }

    /// <summary>Special tokens of a row.</summary>
    public int SpecialCount(bool isPair, bool hasSpecial) => _specialCounts[Which(isPair, hasSpecial)];

    /// <summary>Writes a row's ids, and its segments where <paramref name="segments"/> is not empty. Both have the row's length.</summary>
    public void Write(ReadOnlySpan<int> first, ReadOnlySpan<int> second, bool isPair, bool hasSpecial, Span<int> ids, Span<int> segments)
    {
        var at = 0;
        foreach (var piece in _templates[Which(isPair, hasSpecial)])
        {
            var start = at;
            if (piece.Text is { } text)
            {
                var tokens = text == 0 ? first : second;
                tokens.CopyTo(ids[at..]);
                at += tokens.Length;
            }
            else
            {
                for (var i = 0; i < piece.Tokens.Count; i++)
                    ids[at++] = piece.Tokens[i].Id;
            }

            if (!segments.IsEmpty)
                segments[start..at].Fill(piece.Segment);
        }
    }

    /// <summary>A row of windows of texts, padded to a length.</summary>
    public EncodedText Compose(TokenSource first, TokenSource? second, bool hasSpecial, RowPadding padding)
    {
        var isPair = second is not null;
        var count = SpecialCount(isPair, hasSpecial) + first.Window.Length + (second?.Window.Length ?? 0);
        var row = new EncodedText(Math.Max(count, padding.Length));
        var at = padding.Side == TokenSide.Left ? row.Count - count : 0;
        padding.Fill(row, 0, at);
        foreach (var piece in _templates[Which(isPair, hasSpecial)])
        {
            foreach (var (token, id) in piece.Tokens)
                row.Set(at++, id, token, default, piece.Segment, null);
            var (text, tokens, window) = piece.Text == 1 ? second! : first;
            for (var i = window.Start; piece.Text is not null && i < window.End; i++)
            {
                var token = tokens.Surfaces.TryGetValue(i, out var surface) ? surface : _vocabulary[tokens.Ids[i]]!;
                row.Set(at++, tokens.Ids[i], token, Trim(text, token, tokens.Span(i), i == window.Start), piece.Segment, piece.Text);
            }
        }

        padding.Fill(row, at, row.Count);
        return row;
    }

    // A single space at the start of a text may be the one that was put there, and is not in the text to be trimmed. Characters are counted, as
    // a space that was put before a pair of surrogates has the pair for its source.
    private TextSpan Trim(string text, string token, TextSpan span, bool isFirst)
    {
        if (_processor is not { TrimsSpans: true })
            return span;
        var leading = 0;
        while (leading < token.Length && IsSpace(token[leading]))
            leading++;
        var trailing = 0;
        while (trailing < token.Length && IsSpace(token[token.Length - 1 - trailing]))
            trailing++;
        var (start, end) = (span.Start, span.End);
        if (leading != 1 || !_processor.HasPrefixSpace || (!isFirst && start != 0))
        {
            for (; leading > 0 && start < end; leading--)
                start += char.IsHighSurrogate(text[start]) ? 2 : 1;
        }

        var before = end;
        for (; trailing > 0 && before > 0; trailing--)
            before -= char.IsLowSurrogate(text[before - 1]) ? 2 : 1;
        return new(start, trailing == 0 ? Math.Max(before, start) : end);
    }

    private static int Which(bool isPair, bool hasSpecial) => (isPair ? 1 : 0) + (hasSpecial ? 0 : 2);

    private static bool IsSpace(char letter) => letter == ByteAlphabet.Letter((byte)' ') || char.IsWhiteSpace(letter);
}
