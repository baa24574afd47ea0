namespace ModelCompiler.Data;

/// <summary>Texts to rows: lengths are decided, then rows written.</summary>
internal sealed class BatchEncoder(Tokenizer tokenizer, TokenPipeline pipeline, RowComposer composer, EncodeOptions options)
{
    private const int ShownLetters = 40;

    /// <summary>Rows with all that is known of them.</summary>
    public EncodedBatch Encode(IReadOnlyList<string> texts, IReadOnlyList<string>? pairs)
    {
        RequireEqual(texts, pairs);
        if (options is { MaxLength: { } most, Truncation: TokenTruncation.None, Padding: not TokenPadding.MaxLength })
            throw new ArgumentException($"MaxLength is {most}, and nothing is done with it; legal with it are a Truncation, as LongestFirst, or Padding = MaxLength.");
        var rows = new List<(TokenSource First, TokenSource? Second)>();
        var samples = new List<int>();
        using var rented = tokenizer.Rent();
        for (var i = 0; i < texts.Count; i++)
        {
            var first = Run(texts[i], rented.Scratch);
            var second = pairs is null ? null : Run(pairs[i], rented.Scratch);
            foreach (var (firstWindow, secondWindow) in Windows(first.Count, second?.Count))
            {
                rows.Add((new(texts[i], first, firstWindow), second is null ? null : new(pairs![i], second, secondWindow)));
                samples.Add(i);
            }
        }

        var special = composer.SpecialCount(pairs is not null, options.AddSpecialTokens);
        var padding = Padding(rows.Select(r => special + r.First.Window.Length + (r.Second?.Window.Length ?? 0)));
        return new EncodedBatch([.. rows.Select(r => composer.Compose(r.First, r.Second, options.AddSpecialTokens, padding))], samples);
    }

    /// <summary>Rows of one length, as ids, mask and segments [texts, length].</summary>
    public void Fill(IReadOnlyList<string> texts, IReadOnlyList<string>? pairs, int length, Span<int> ids, Span<int> mask, Span<int> segments)
    {
        RequireEqual(texts, pairs);
        for (var row = 0; row < texts.Count; row++)
        {
            var segment = segments.IsEmpty ? segments : segments.Slice(row * length, length);
            FillRow(texts[row], pairs?[row], $"Text {row}", ids.Slice(row * length, length), mask.Slice(row * length, length), segment);
        }
    }

    /// <summary>One row, as ids, mask and segments, those empty where there are none.</summary>
    public void FillRow(string text, string? pair, string name, Span<int> ids, Span<int> mask, Span<int> segments)
    {
        var (pad, _) = PadToken();
        var isPair = pair is not null;
        using var rented = tokenizer.Rent();
        var (first, second) = (rented.Scratch.Tokens, rented.Scratch.PairTokens);
        first.Clear(hasSpans: false);
        second.Clear(hasSpans: false);
        pipeline.Run(text, rented.Scratch, first);
        if (isPair)
            pipeline.Run(pair!, rented.Scratch, second);
        var (firstWindow, secondWindow) = Windows(first.Count, isPair ? second.Count : null).First();
        var count = composer.SpecialCount(isPair, options.AddSpecialTokens) + firstWindow.Length + secondWindow.Length;
        if (count > ids.Length)
            throw TooLong(name, text, count, $"the batch's {ids.Length}");
        ids.Fill(pad);
        mask.Clear();
        segments.Fill(options.PadSegment);
        var at = options.PaddingSide == TokenSide.Left ? ids.Length - count : 0;
        mask.Slice(at, count).Fill(1);
        composer.Write(first.Ids[firstWindow.Start..firstWindow.End], second.Ids[secondWindow.Start..secondWindow.End], isPair, options.AddSpecialTokens,
            ids.Slice(at, count), segments.IsEmpty ? [] : segments.Slice(at, count));
    }

    /// <summary>That a text would have to be cut.</summary>
    public static ArgumentException TooLong(string name, string text, int count, string most) =>
        new($"{name}, \"{(text.Length <= ShownLetters ? text : text[..ShownLetters] + "...")}\", has {count} tokens; legal is up to {most}, or a truncation (truncate: true).");

    private TokenList Run(string text, EncodeScratch scratch)
    {
        var tokens = new TokenList();
        tokens.Clear(hasSpans: true);
        pipeline.Run(text, scratch, tokens);
        return tokens;
    }

    // What is kept comes first; what is cut off follows where it is wanted, every part of one text with every part of the other.
    private IEnumerable<(TokenWindow First, TokenWindow Second)> Windows(int first, int? second)
    {
        var special = composer.SpecialCount(second is not null, options.AddSpecialTokens);
        var room = options.Truncation == TokenTruncation.None ? int.MaxValue : MaxLength("truncation") - special;
        if (room < 0)
            throw new ArgumentException($"Rows of at most {options.MaxLength} tokens have no room for their {special} special tokens; legal is {special} or more.");
        var (firstRoom, secondRoom) = TruncationLengths.Of(first, second ?? 0, second is not null, room, options.Truncation);
        foreach (var a in TokenWindow.Cut(first, firstRoom, options.KeepsOverflow ? options.Stride : 0, options.TruncationSide))
        {
            foreach (var b in TokenWindow.Cut(second ?? 0, secondRoom, options.KeepsOverflow ? options.Stride : 0, options.TruncationSide))
            {
                yield return (a, b);
                if (!options.KeepsOverflow)
                    yield break;
            }
        }
    }

    private RowPadding Padding(IEnumerable<int> lengths)
    {
        if (options.Padding == TokenPadding.None)
            return RowPadding.None;
        var (id, token) = PadToken();
        var length = options.Padding == TokenPadding.MaxLength ? MaxLength("padding") : lengths.DefaultIfEmpty(0).Max();
        if (options.MultipleOf is { } multiple)
            length = (length + multiple - 1) / multiple * multiple;
        return new RowPadding(length, options.PaddingSide, id, token, options.PadSegment);
    }

    private (int Id, string Token) PadToken()
    {
        var token = options.PadToken ?? tokenizer.PadToken ?? throw new ArgumentException("The tokenizer has no padding token; name one in the options.");
        return (tokenizer.Vocabulary[token], token);
    }

    private int MaxLength(string what) => options.MaxLength ?? throw new ArgumentException($"A {what} needs the options' MaxLength.");

    private static void RequireEqual(IReadOnlyList<string> texts, IReadOnlyList<string>? pairs)
    {
        if (pairs is not null && pairs.Count != texts.Count)
            throw new ArgumentException($"{texts.Count} first and {pairs.Count} second texts; legal are as many of both.", nameof(pairs));
    }
}
