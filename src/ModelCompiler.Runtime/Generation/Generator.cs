using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Generation;

/// <summary>Continues prompts with a decoder: what emitted models call, and tools that know a model by its names alone.</summary>
public static class Generator
{
    /// <summary>The continuations, prompt by prompt, the best of each first.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, a token outside of the vocabulary, a prompt padding alone or padded on the right, or more is asked for than the model's context holds.</exception>
    /// <exception cref="Training.NotFiniteException">Logits are no finite numbers.</exception>
    /// <exception cref="InvalidOperationException">The model is no TransformerDecoder with [CausalLanguageModel], something else was begun meanwhile, or the filters leave no token.</exception>
    public static IReadOnlyList<GeneratedSequence> Run(ModelCore core, TokenBatch prompts, GenerationOptions? options = null)
    {
        var (model, request) = Prepare(core, prompts, options ?? new());
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
    /// <exception cref="ArgumentException">As <see cref="Run"/>, and for beams: their tokens are known at the end alone.</exception>
    /// <exception cref="OperationCanceledException">Between two steps.</exception>
    public static IAsyncEnumerable<GeneratedToken> Stream(ModelCore core, TokenBatch prompts, GenerationOptions? options = null, CancellationToken cancel = default)
    {
        var (model, request) = Prepare(core, prompts, options ?? new());
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

    private static (INextTokens Model, Request Request) Prepare(ModelCore core, TokenBatch prompts, GenerationOptions options)
    {
        var decoder = core.Description.Decoder ?? throw new InvalidOperationException($"{core.Description.Name} cannot generate: that is for a TransformerDecoder with [CausalLanguageModel].");
        prompts.Check();
        if (prompts.Mask.Contains(0) && core.Description.Inputs.All(static i => i.Name != "mask"))
        {
            throw new ArgumentException($"{core.Description.Name} has AttendPadding: its prompts must be of one length.", nameof(prompts));
        }

        var request = new Request(new Prompts(prompts.Count, prompts.Length, prompts.Ids, prompts.Mask), options, decoder.Vocabulary, core.Description.MaxLength, decoder.PaddingToken);
        return (new CachedTokens(core, request, options.Beams > 1 ? options.Beams : options.Results), request);
    }
}
