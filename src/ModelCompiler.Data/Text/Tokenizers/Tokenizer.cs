using System.Collections.Concurrent;

namespace ModelCompiler.Data;

/// <summary>
/// A tokenizer of five parts: added tokens are cut out, a normalizer rewrites the text, a pre-tokenizer cuts it into pieces, a model makes
/// tokens of them, a post-processor puts special tokens around. A decoder goes back. <see cref="Load"/> reads one from files,
/// <see cref="Tokenizers"/> makes those of published models, and <see cref="Save"/> writes it.
/// </summary>
public sealed class Tokenizer : ITokenizer
{
    private readonly Lazy<Compiled> _compiled;
    private readonly ConcurrentBag<EncodeScratch> _spares = [];
    private readonly AddedToken[] _addedTokens;
    private EncodeScratch? _spare = new();

    /// <param name="model">Makes tokens of pieces.</param>
    /// <param name="addedTokens">Cut out before all else. One that the model has keeps the model's id, any other gets its own or the next free one.</param>
    /// <exception cref="ArgumentException">An added token is empty, there twice, or has another id than the model gives it.</exception>
    public Tokenizer(TokenModel model, IEnumerable<AddedToken>? addedTokens = null)
    {
        Model = model;
        (Vocabulary, _addedTokens) = Add(model.Vocabulary, [.. addedTokens ?? []]);
        _compiled = new(Compile);
    }

    /// <summary>Reads <c>tokenizer.json</c>, or a folder that has it, or <c>vocab.txt</c>, or <c>vocab.json</c> and <c>merges.txt</c>, or CLIP's merge list; of a folder what <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> say, too.</summary>
    /// <exception cref="InvalidDataException">A file is not what it should be, or has what has no counterpart here; the message names it.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Tokenizer Load(string path) => TokenizerFolder.Read(path);

    /// <summary>Writes <c>tokenizer.json</c> and, where they can hold the model, <c>vocab.json</c> and <c>merges.txt</c> or <c>vocab.txt</c>; all of them or, where one fails, none.</summary>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public void Save(string folder) => TokenizerWriter.Write(this, folder);

    public TextNormalizer? Normalizer { get; init; }

    public PreTokenizer? PreTokenizer { get; init; }

    public TokenModel Model { get; }

    public PostProcessor? PostProcessor { get; init; }

    public TokenDecoder? Decoder { get; init; }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <summary>With their ids.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => _addedTokens;

    /// <summary>Fills rows up; null where there is none.</summary>
    public string? PadToken { get; init; }

    /// <summary>What the tokenizer's file says of batches; used where a call gives no options. Single texts are never cut or filled up.</summary>
    public EncodeOptions BatchOptions { get; init; } = new();

    /// <inheritdoc/>
    public bool TryEncode(ReadOnlySpan<char> text, Span<int> ids, out int count, bool addSpecialTokens = true)
    {
        using var rented = Rent();
        var tokens = rented.Scratch.Tokens;
        tokens.Clear(hasSpans: false);
        var (pipeline, composer) = _compiled.Value;
        pipeline.Run(text, rented.Scratch, tokens);
        count = tokens.Count + composer.SpecialCount(isPair: false, addSpecialTokens);
        if (count > ids.Length)
            return false;
        composer.Write(tokens.Ids, [], isPair: false, addSpecialTokens, ids[..count], []);
        return true;
    }

    /// <inheritdoc/>
    public int CountTokens(ReadOnlySpan<char> text, bool addSpecialTokens = true)
    {
        TryEncode(text, [], out var count, addSpecialTokens);
        return count;
    }

    /// <inheritdoc/>
    public EncodedText Encode(string text, string? pair = null, bool addSpecialTokens = true) =>
        EncodeBatch([text], pair is null ? null : [pair], new EncodeOptions { AddSpecialTokens = addSpecialTokens }).Rows[0];

    /// <summary>Rows of tokens, cut and filled up as the options say.</summary>
    /// <param name="pairs">The second texts; null where there are none.</param>
    /// <param name="options">Null: <see cref="BatchOptions"/>.</param>
    /// <exception cref="ArgumentException">The options contradict each other or a text; numbers of texts differ.</exception>
    public EncodedBatch EncodeBatch(IReadOnlyList<string> texts, IReadOnlyList<string>? pairs = null, EncodeOptions? options = null) =>
        new BatchEncoder(this, _compiled.Value.Pipeline, _compiled.Value.Composer, options ?? BatchOptions).Encode(texts, pairs);

    /// <summary>Rows of one length, as ids, mask and segments [texts, length].</summary>
    internal void Fill(IReadOnlyList<string> texts, IReadOnlyList<string>? pairs, EncodeOptions options, int length, int[] ids, int[] mask, int[]? segments) =>
        new BatchEncoder(this, _compiled.Value.Pipeline, _compiled.Value.Composer, options).Fill(texts, pairs, length, ids, mask, segments);

    /// <summary>One row, as ids, mask and segments.</summary>
    internal void FillRow(string text, string? pair, string name, EncodeOptions options, Span<int> ids, Span<int> mask, Span<int> segments) =>
        new BatchEncoder(this, _compiled.Value.Pipeline, _compiled.Value.Composer, options).FillRow(text, pair, name, ids, mask, segments);

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var tokens = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            var token = Vocabulary[id] ?? throw new ArgumentOutOfRangeException(nameof(ids), id, $"Id {id} has no token; legal are those of the vocabulary, 0..{Vocabulary.Size - 1}.");
            if (!skipSpecialTokens || !_compiled.Value.Special.Contains(id))
                tokens.Add(token);
        }

        return Decoder is null ? string.Join(' ', tokens) : Decoder.Decode(tokens);
    }

    /// <summary>Finds now what is wrong with the parts, instead of at the first text.</summary>
    internal void Prepare() => _ = _compiled.Value;

    internal Rented Rent() => new(this, Interlocked.Exchange(ref _spare, null) ?? (_spares.TryTake(out var scratch) ? scratch : new EncodeScratch()));

    private Compiled Compile()
    {
        var pipeline = new TokenPipeline(
            Normalizer, PreTokenizer, Model.Compile(PreTokenizer?.IsByteLevel ?? false),
            new AddedTokenFinder(_addedTokens.Where(static t => !t.IsNormalized).Select(static t => (t.Content, t.Id!.Value, t))),
            new AddedTokenFinder(_addedTokens.Where(static t => t.IsNormalized).Select(t => (Normalizer?.Normalize(t.Content) ?? t.Content, t.Id!.Value, t))));
        return new Compiled(pipeline, new RowComposer(PostProcessor, Vocabulary)) { Special = [.. _addedTokens.Where(static t => t.IsSpecial).Select(static t => t.Id!.Value)] };
    }

    private static (Vocabulary Vocabulary, AddedToken[] Tokens) Add(Vocabulary vocabulary, AddedToken[] tokens)
    {
        var next = Math.Max(vocabulary.Size, tokens.Select(static t => t.Id + 1 ?? 0).DefaultIfEmpty(0).Max());
        var more = new List<KeyValuePair<string, int>>();
        for (var i = 0; i < tokens.Length; i++)
        {
            var token = tokens[i];
            if (token.Content.Length == 0)
                throw new ArgumentException($"Added token {i} is empty; legal is at least one character.", nameof(tokens));
            if (vocabulary.TryGetId(token.Content, out var id) && id != (token.Id ?? id))
                throw new ArgumentException($"The added token '{token.Content}' has the id {token.Id}, and the model's vocabulary gives it {id}.", nameof(tokens));
            tokens[i] = token with { Id = vocabulary.Contains(token.Content) ? id : token.Id ?? next++ };
            if (!vocabulary.Contains(token.Content))
                more.Add(KeyValuePair.Create(token.Content, tokens[i].Id!.Value));
        }

        if (tokens.GroupBy(static t => t.Content).FirstOrDefault(static g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The added token '{twice.Key}' is there {twice.Count()} times; legal is once.", nameof(tokens));
        return (more.Count == 0 ? vocabulary : new Vocabulary(vocabulary.Entries.Concat(more)), tokens);
    }

    /// <summary>A scratch in use.</summary>
    internal readonly struct Rented(Tokenizer owner, EncodeScratch scratch) : IDisposable
    {
        public EncodeScratch Scratch => scratch;

        public void Dispose()
        {
            if (Interlocked.CompareExchange(ref owner._spare, scratch, null) is not null)
                owner._spares.Add(scratch);
        }
    }

    private sealed record Compiled(TokenPipeline Pipeline, RowComposer Composer)
    {
        public required HashSet<int> Special { get; init; }
    }
}
