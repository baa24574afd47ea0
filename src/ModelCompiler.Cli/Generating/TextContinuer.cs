using ModelCompiler.Cli.Hosting;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Data;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Cli.Generating;

/// <summary>
/// A checkpoint folder as a writer of texts: its model compiled in this process, its own tokenizer and preprocessor, and what it says of generation. A decoder continues texts, an
/// encoder-decoder says something of a text or a picture, a BLIP-2 goes on from a picture and a text.
/// </summary>
public sealed class TextContinuer : IDisposable
{
    // Tokens that are said where nobody says how many, if the context has room for them.
    private const int Unsaid = 64;

    private readonly IModel _model;
    private readonly Tokenizer _tokenizer;
    private readonly PicturePreprocessor? _pictures;

    /// <exception cref="HostException">The folder asks for what has no counterpart, or predicts no tokens.</exception>
    /// <exception cref="InvalidDataException">Its tokenizer or preprocessor cannot be read.</exception>
    public TextContinuer(string folder, Device? device = null)
    {
        _tokenizer = Tokenizer.Load(folder);
        var scaffold = CheckpointFolder.Scaffold(folder, "Continuer");
        var spec = scaffold.Spec ?? throw new HostException($"{folder} asks for what has no counterpart yet:\n  {string.Join("\n  ", scaffold.Unsupported)}");
        if (spec.Attributes.All(static a => a.Name != "CausalLanguageModel"))
            throw new HostException($"{folder} holds a model with [{spec.Attributes[0].Name}] that continues no text; that is for decoders with [CausalLanguageModel].");
        Options = GenerationOptions.Load(folder);
        _model = HostedModel.Compile(spec).Load(folder, out _, device);
        _pictures = Decoder is { ReadsSource: true, Memory: not 0 } ? PicturePreprocessor.Load(folder) : null;
    }

    /// <summary>What the folder says of generation.</summary>
    public GenerationOptions Options { get; }

    /// <summary>Whether it speaks of pictures.</summary>
    public bool TakesPictures => _pictures is not null;

    /// <summary>Whether what it says goes on from the text that it is given.</summary>
    public bool Continues => Decoder.Memory is null;

    private DecoderInfo Decoder => _model.Core.Description.Decoder!;

    /// <summary>The continuations of a text, without it, the best first. They are decoded behind it: whether a space comes first depends on what is before.</summary>
    /// <param name="text">What is continued, or spoken of; null: nothing is said before.</param>
    /// <param name="picture">A file, for models that speak of pictures; null: none.</param>
    /// <param name="options">Where they say neither MaxNewTokens nor MaxLength, 64 tokens or as many as the context holds.</param>
    /// <exception cref="ArgumentException">An option, the text or the picture cannot be used.</exception>
    public IReadOnlyList<string> Continue(string? text, string? picture, GenerationOptions options)
    {
        var start = Begin(text, picture, options);
        var said = _tokenizer.Decode(start.Before).Length;
        return [.. Generator.Run(_model.Core, start.Source, start.Prompts, start.Options).Select(r => _tokenizer.Decode([.. start.Before, .. r.NewIds(start.Length)])[said..])];
    }

    /// <summary>The continuation of a text, piece by piece: whole characters as soon as their tokens are there.</summary>
    /// <inheritdoc cref="Continue"/>
    public async IAsyncEnumerable<string> Stream(string? text, string? picture, GenerationOptions options)
    {
        var start = Begin(text, picture, options);
        var ids = start.Before.ToList();
        var said = _tokenizer.Decode(start.Before).Length;
        await foreach (var token in Generator.Stream(_model.Core, start.Source, start.Prompts, start.Options))
        {
            ids.Add(token.Id);
            var all = _tokenizer.Decode(ids.ToArray());

            // Half a character reads as U+FFFD until its other bytes come.
            if (all.Length > said && (token.IsLast || !all.EndsWith('\uFFFD')))
            {
                yield return all[said..];
                said = all.Length;
            }
        }
    }

    public void Dispose() => _model.Dispose();

    private Beginning Begin(string? text, string? picture, GenerationOptions options)
    {
        if (TakesPictures != picture is not null)
            throw new ArgumentException(TakesPictures ? "The model speaks of a picture, and there is none: give its file." : "The model reads texts alone: it takes no picture.", nameof(picture));
        if (text is null && !TakesPictures)
            throw new ArgumentException("There is no text.", nameof(text));
        if (text is not null && TakesPictures && !Continues)
            throw new ArgumentException("The model speaks of a picture alone: it takes no text.", nameof(text));
        var ids = text is null ? [] : Ids(text);
        var source = TakesPictures ? HostedSource.Picture(_model.Core, _pictures!, picture!) : Continues ? null : HostedSource.Text(_model.Core, "encoder.", ids);
        if (!Continues || ids.Length == 0)
            return new Beginning(source, null, Sized(options, Decoder.Prefix + 1), [], Decoder.Prefix + 1);
        var prompt = new PromptRow(ids, Decoder);
        return new Beginning(source, prompt, Sized(options, prompt.Length) with { StartToken = null }, ids, prompt.Length);
    }

    private GenerationOptions Sized(GenerationOptions o, int prompt) => o is not { MaxNewTokens: null, MaxLength: null } ? o
        : o with { MaxNewTokens = o.CropContext ? Unsaid : Math.Clamp(Decoder.Context - prompt, 1, Unsaid) };

    private int[] Ids(string text)
    {
        var ids = _tokenizer.Encode(text).Ids.ToArray();
        var most = (Continues ? Decoder.Context : _model.Core.Description.MaxLength) - Decoder.Prefix;
        return ids.Length > 0 && ids.Length <= most ? ids : throw new ArgumentException($"The {(Continues ? "prompt" : "text")} has {ids.Length} tokens; legal are 1 to {most}.", nameof(text));
    }

    /// <param name="Before">Tokens that a continuation is decoded behind.</param>
    /// <param name="Length">Tokens of a row before the first that is generated.</param>
    private sealed record Beginning(GenerationSource? Source, TokenBatch? Prompts, GenerationOptions Options, int[] Before, int Length);

    private sealed class PromptRow : TokenBatch
    {
        public PromptRow(int[] ids, DecoderInfo decoder)
            : base(1, decoder.Prefix + ids.Length, decoder.Vocabulary, decoder.Context, decoder.Prefix) => ids.CopyTo(Ids, decoder.Prefix);
    }
}
