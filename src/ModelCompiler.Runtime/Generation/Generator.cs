using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Generation;

/// <summary>Continues prompts with a decoder: what emitted models call, and tools that know a model by its names alone.</summary>
public static class Generator
{
    /// <summary>The continuations, prompt by prompt, the best of each first.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, a token outside of the vocabulary, a prompt padding alone or padded on the right, or more is asked for than the model's context holds.</exception>
    /// <exception cref="Training.NotFiniteException">Logits are no finite numbers.</exception>
    /// <exception cref="InvalidOperationException">The model is no TransformerDecoder with [CausalLanguageModel], something else was begun meanwhile, or the filters leave no token.</exception>
    public static IReadOnlyList<GeneratedSequence> Run(ModelCore core, TokenBatch prompts, GenerationOptions? options = null) => Run(core, null, prompts, options);

    /// <summary>The same of a model that speaks of texts or pictures: row by row of the source.</summary>
    /// <param name="prompts">What the rows begin with, as many as the source has; null: each with <see cref="GenerationOptions.StartToken"/>.</param>
    /// <inheritdoc cref="Run(ModelCore, TokenBatch, GenerationOptions?)"/>
    public static IReadOnlyList<GeneratedSequence> Run(ModelCore core, GenerationSource? source, TokenBatch? prompts, GenerationOptions? options = null)
    {
        var (model, request) = Prepare(core, source, prompts, options ?? new());
        if (request.Options.Beams > 1)
        {
            return new BeamSearch(model, request).Run();
        }

        var search = new TokenSearch(model, request);
        while (search.Next())
        {
        }

        return search.Results();
    }

    /// <summary>The tokens one by one as they come, those of a step by row. The model works on another thread meanwhile and is its caller's again when the enumeration ends.</summary>
    /// <exception cref="ArgumentException">As <see cref="Run(ModelCore, TokenBatch, GenerationOptions?)"/>, and for beams: their tokens are known at the end alone.</exception>
    /// <exception cref="OperationCanceledException">Between two steps.</exception>
    public static IAsyncEnumerable<GeneratedToken> Stream(ModelCore core, TokenBatch prompts, GenerationOptions? options = null, CancellationToken cancel = default) => Stream(core, null, prompts, options, cancel);

    /// <summary>The same of a model that speaks of texts or pictures.</summary>
    /// <param name="prompts">What the rows begin with, as many as the source has; null: each with <see cref="GenerationOptions.StartToken"/>.</param>
    /// <inheritdoc cref="Stream(ModelCore, TokenBatch, GenerationOptions?, CancellationToken)"/>
    public static IAsyncEnumerable<GeneratedToken> Stream(ModelCore core, GenerationSource? source, TokenBatch? prompts, GenerationOptions? options = null, CancellationToken cancel = default)
    {
        var (model, request) = Prepare(core, source, prompts, options ?? new());
        return request.Options.Beams == 1 ? Steps(new TokenSearch(model, request), cancel)
            : throw new ArgumentException($"Tokens of {request.Options.Beams} beams are known at the end alone: streaming takes Beams = 1.", nameof(options));
    }

    private static async IAsyncEnumerable<GeneratedToken> Steps(TokenSearch search, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (await Task.Run(search.Next, cancel).ConfigureAwait(false))
        {
            foreach (var token in search.New)
            {
                yield return token;
            }
        }
    }

    private static (INextTokens Model, Request Request) Prepare(ModelCore core, GenerationSource? source, TokenBatch? given, GenerationOptions options)
    {
        var decoder = core.Description.Decoder ?? throw new InvalidOperationException($"{core.Description.Name} cannot generate: that is for a decoder with [CausalLanguageModel].");
        if (decoder.ReadsSource != source is not null)
        {
            throw new ArgumentException(source is null ? $"{core.Description.Name} speaks of what it is given besides its prompts: give it." : $"{core.Description.Name} is a decoder alone: it continues prompts, and reads no source.", nameof(source));
        }

        if (given is null == options.StartToken is null)
        {
            throw new ArgumentException(given is null ? "There are no prompts: StartToken says what rows begin with, which a folder's configuration calls decoder_start_token_id." : "StartToken is for sources without prompts: put it into them.", nameof(options));
        }

        if (options.StartToken is { } start && (uint)start >= (uint)decoder.Vocabulary)
        {
            throw new ArgumentException($"StartToken: token {start} is outside of the vocabulary; legal are 0 to {decoder.Vocabulary - 1}.", nameof(options));
        }

        var prompts = given ?? new StartRows(source!.Count, decoder, options.StartToken!.Value);
        prompts.Check();
        if (source is not null && (prompts.Count != source.Count || prompts.Prefix != decoder.Prefix))
        {
            throw new ArgumentException($"{prompts.Count} prompts whose first {prompts.Prefix} tokens stand for a picture, and {source.Count} sources: {core.Description.Name} takes one for each, with {decoder.Prefix} such tokens.", nameof(given));
        }

        if (decoder.Prefix > 0 && options.CropContext)
        {
            throw new ArgumentException($"Rows of {core.Description.Name} begin with a picture, which CropContext would cut off.", nameof(options));
        }

        if (prompts.Mask.Contains(0) && !Has("mask"))
        {
            throw new ArgumentException($"{core.Description.Name} has AttendPadding: its prompts must be of one length.", nameof(given));
        }

        var request = new Request(new Prompts(prompts.Count, prompts.Length, prompts.Ids, prompts.Mask, Positions(), Segments(), decoder.Prefix), options, decoder.Vocabulary, decoder.Context, decoder.PaddingToken);
        RequirePositions(request);
        return (new CachedTokens(core, request, source, options.Beams > 1 ? options.Beams : options.Results), request);

        bool Has(string input) => core.Description.Inputs.Any(i => i.IsOf(Pass.Decode) && i.Name.Split('.')[^1] == input);

        int[]? Positions() => prompts.Positions is null ? null
            : !Has("positions") ? throw new ArgumentException($"{core.Description.Name} numbers no tokens: leave Positions out.", nameof(given))
            : options.CropContext ? throw new ArgumentException("CropContext numbers tokens from the start, and the prompts have Positions: choose one of the two.", nameof(options))
            : prompts.PositionsOrDefault(decoder.PositionOffset, decoder.Context + decoder.PositionOffset, byMask: false);

        int[]? Segments() => prompts.Segments is null ? null
            : !Has("segments") ? throw new ArgumentException($"{core.Description.Name} has no segments: leave Segments out.", nameof(given))
            : options.CropContext ? throw new ArgumentException("CropContext forgets the prompts' beginning, and they have Segments: choose one of the two.", nameof(options))
            : prompts.CheckedSegments(decoder.Segments);

        // Those of new tokens count on from the last of the prompt.
        void RequirePositions(Request r)
        {
            var last = decoder.Context + decoder.PositionOffset - r.NewTokens;
            for (var row = 0; row < prompts.Count && r.Prompts.Positions is { } positions; row++)
            {
                if (positions[((row + 1) * prompts.Length) - 1] is var position && position > last)
                {
                    throw new ArgumentException($"Prompt {row} ends at position {position}, and {r.NewTokens} tokens behind it go on to {position + r.NewTokens - 1}; the model numbers up to {decoder.Context + decoder.PositionOffset - 1}.", nameof(given));
                }
            }
        }
    }
}
