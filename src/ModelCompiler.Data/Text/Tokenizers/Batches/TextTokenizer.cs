using ModelCompiler.Runtime;

namespace ModelCompiler.Data;

/// <summary>Loads tokenizers for models.</summary>
public static class TextTokenizer
{
    /// <summary>The tokenizer of a model, which must fit it.</summary>
    /// <typeparam name="T">The model's own token type.</typeparam>
    /// <param name="path">A folder or file as <see cref="Tokenizer.Load"/> takes it; null: the one that the model names, beside the program.</param>
    /// <exception cref="ArgumentException">No path, and the model names no tokenizer.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be, its ids do not fit the model's table, or its padding is another.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static TextTokenizer<T> Load<T>(string? path = null) where T : TokenBatch, ITokenBatch<T>
    {
        var named = T.Facts.Tokenizer;
        if (path is null && named.Length == 0)
            throw new ArgumentException("The model names no tokenizer; give a path, or set Tokenizer in the model's attribute.", nameof(path));
        path ??= Path.Combine(AppContext.BaseDirectory, named);
        return new TextTokenizer<T>(Tokenizer.Load(path), path);
    }
}

/// <summary>A tokenizer that fits a model and gives its typed batches.</summary>
/// <typeparam name="T">The model's own token type.</typeparam>
public sealed class TextTokenizer<T> where T : TokenBatch, ITokenBatch<T>
{
    private readonly string? _padToken;

    internal TextTokenizer(Tokenizer tokenizer, string path)
    {
        var (facts, size) = (T.Facts, tokenizer.Vocabulary.Size);
        if (size > facts.Vocabulary)
            throw new InvalidDataException($"{path}: the tokenizer has ids up to {size - 1}, and the model's table {facts.Vocabulary} rows; legal is a tokenizer of at most as many.");
        if (tokenizer.PadToken is { } pad && facts.PaddingToken >= 0 && tokenizer.Vocabulary[pad] != facts.PaddingToken)
            throw new InvalidDataException($"{path}: the tokenizer pads with '{pad}', id {tokenizer.Vocabulary[pad]}, and the model with id {facts.PaddingToken}; legal is the same.");
        Tokenizer = tokenizer;
        _padToken = tokenizer.PadToken ?? (facts.PaddingToken >= 0 && facts.PaddingToken < size ? tokenizer.Vocabulary[facts.PaddingToken] : null);
    }

    public Tokenizer Tokenizer { get; }

    /// <summary>A batch of one text, or pair, a row, as long as the longest, behind the tokens that stand for something else.</summary>
    /// <param name="pairs">The second texts; null where there are none.</param>
    /// <param name="truncate">What the model cannot take is cut, the longer text first, at the end that the tokenizer's file names.</param>
    /// <exception cref="ArgumentException">No texts or nothing in them, another number of pairs, one that is too long and may not be cut, or rows of several lengths without a padding token.</exception>
    public T Batch(IReadOnlyList<string> texts, IReadOnlyList<string>? pairs = null, bool truncate = false)
    {
        var padding = _padToken is null ? TokenPadding.None : TokenPadding.Longest;
        var (prefix, most) = (T.Facts.Prefix, T.Facts.MaxLength - T.Facts.Prefix);
        var rows = Tokenizer.EncodeBatch(texts, pairs, new()
        {
            Truncation = truncate ? TokenTruncation.LongestFirst : TokenTruncation.None,
            TruncationSide = Tokenizer.BatchOptions.TruncationSide,
            MaxLength = truncate ? most : null,
            Padding = padding,
            PadToken = _padToken,
        }).Rows;
        CheckLengths(texts, rows, most);
        var batch = T.Create(rows.Count, prefix + rows.Select(static r => r.Count).DefaultIfEmpty(1).Max());
        batch.Segments = pairs is null ? null : new int[batch.Ids.Length];
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Count != batch.Length - prefix)
                throw new ArgumentException($"Text {i} has {rows[i].Count} tokens and the longest {batch.Length - prefix}, and nothing to fill rows up with: the tokenizer has no padding token, and the model no PaddingToken.", nameof(texts));
            rows[i].Ids.CopyTo(batch.Ids, (i * batch.Length) + prefix);
            rows[i].Mask.CopyTo(batch.Mask, (i * batch.Length) + prefix);
            if (batch.Segments is { } segments)
                rows[i].Segments.CopyTo(segments, (i * batch.Length) + prefix);
        }

        batch.Check();
        return batch;
    }

    /// <summary>
    /// A batch of prompts for <c>Generate</c>, as long as the longest, padded on the left, so that what is said stands behind each. Padding
    /// is hidden by the mask: it needs no padding token.
    /// </summary>
    /// <param name="addSpecialTokens">Puts the template's special tokens around the texts; false where one of them would end a prompt.</param>
    /// <param name="room">Tokens of the context that are left for what is said.</param>
    /// <param name="truncate">Of what the model cannot take the end is kept.</param>
    /// <exception cref="ArgumentException">No texts or nothing in them, no room for one, or one that is too long and may not be cut.</exception>
    public T Prompts(IReadOnlyList<string> texts, bool addSpecialTokens = true, int room = 0, bool truncate = false)
    {
        var prefix = T.Facts.Prefix;
        var most = T.Facts.MaxLength - prefix - room;
        if (most < 1 || room < 0)
            throw new ArgumentException($"Room for {room} tokens leaves {most} of {T.Facts.MaxLength} for prompts; legal are 0 to {T.Facts.MaxLength - prefix - 1}.", nameof(room));
        var cut = new EncodeOptions { Truncation = TokenTruncation.LongestFirst, TruncationSide = TokenSide.Left, MaxLength = most };
        var rows = Tokenizer.EncodeBatch(texts, null, (truncate ? cut : new()) with { AddSpecialTokens = addSpecialTokens }).Rows;
        CheckLengths(texts, rows, most);
        var batch = T.Create(rows.Count, prefix + rows.Select(static r => r.Count).DefaultIfEmpty(1).Max());
        var padding = _padToken is null ? 0 : Tokenizer.Vocabulary[_padToken];
        for (var i = 0; i < rows.Count; i++)
        {
            var hidden = new Range((i * batch.Length) + prefix, ((i + 1) * batch.Length) - rows[i].Count);
            batch.Ids.AsSpan(hidden).Fill(padding);
            batch.Mask.AsSpan(hidden).Clear();
            rows[i].Ids.CopyTo(batch.Ids, hidden.End.Value);
        }

        batch.Check();
        return batch;
    }

    private static void CheckLengths(IReadOnlyList<string> texts, IReadOnlyList<EncodedText> rows, int most)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            // The padding of rows that are too long is as long as the longest of them.
            if (rows[i].Mask.Sum() is var count && count > most)
                throw BatchEncoder.TooLong($"Text {i}", texts[i], count, $"the model's {most}");
        }
    }
}
