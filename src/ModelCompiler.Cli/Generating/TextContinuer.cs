using ModelCompiler.Cli.Embedding;
using ModelCompiler.Cli.Hosting;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Data;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Cli.Generating;

/// <summary>A checkpoint folder as a writer of texts: its model compiled in this process, its own tokenizer, and the tokens that it says end a text.</summary>
public sealed class TextContinuer : IDisposable
{
    private readonly IModel _model;
    private readonly Tokenizer _tokenizer;

    /// <exception cref="HostException">The folder asks for what has no counterpart, or predicts no tokens.</exception>
    /// <exception cref="InvalidDataException">Its tokenizer cannot be read.</exception>
    public TextContinuer(string folder, Device? device = null)
    {
        _tokenizer = Tokenizer.Load(folder);
        var scaffold = CheckpointFolder.Scaffold(folder, "Continuer");
        var spec = scaffold.Spec ?? throw new HostException($"{folder} asks for what has no counterpart yet:\n  {string.Join("\n  ", scaffold.Unsupported)}");
        if (spec.Attributes[0].Name != "TransformerDecoder" || spec.Attributes.All(static a => a.Name != "CausalLanguageModel"))
            throw new HostException($"{folder} holds a model with [{spec.Attributes[0].Name}] that continues no text; that is for a TransformerDecoder with [CausalLanguageModel].");
        StopTokens = Stops(folder);
        _model = HostedModel.Compile(spec).Load(folder, out _, device);
    }

    /// <summary>What the folder says ends a text; empty where it says nothing.</summary>
    public IReadOnlyList<int> StopTokens { get; }

    /// <summary>The continuations of a text, without it, the best first. They are decoded behind it: whether a space comes first depends on what is before.</summary>
    /// <exception cref="ArgumentException">An option or the text cannot be used.</exception>
    public IReadOnlyList<string> Continue(string text, GenerationOptions options)
    {
        var prompt = Prompt(text);
        var said = _tokenizer.Decode(prompt.Ids).Length;
        return [.. Generator.Run(_model.Core, prompt, options).Select(r => _tokenizer.Decode(r.Ids.AsSpan(0, prompt.Length + r.Generated))[said..])];
    }

    /// <summary>The continuation of a text, piece by piece: whole characters as soon as their tokens are there.</summary>
    /// <exception cref="ArgumentException">An option or the text cannot be used.</exception>
    public async IAsyncEnumerable<string> Stream(string text, GenerationOptions options)
    {
        var prompt = Prompt(text);
        var ids = prompt.Ids.ToList();
        var said = _tokenizer.Decode(prompt.Ids).Length;
        await foreach (var token in Generator.Stream(_model.Core, prompt, options))
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

    private HostedTokens Prompt(string text)
    {
        var ids = _tokenizer.Encode(text).Ids.ToArray();
        var most = _model.Core.Description.MaxLength;
        if (ids.Length == 0 || ids.Length > most)
            throw new ArgumentException($"The prompt has {ids.Length} tokens; legal are 1 to {most}.", nameof(text));
        var prompt = new HostedTokens(1, ids.Length, _model.Core);
        ids.CopyTo(prompt.Ids, 0);
        return prompt;
    }

    // One id or several, in the file of generation or in that of the model.
    private static int[] Stops(string folder)
    {
        foreach (var file in new[] { "generation_config.json", "config.json" }.Select(f => Path.Combine(folder, f)).Where(File.Exists))
        {
            switch ((CheckpointFolder.Read(file) as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("eos_token_id"))
            {
                case long id:
                    return [checked((int)id)];
                case object?[] several:
                    return [.. several.OfType<long>().Select(static id => checked((int)id))];
            }
        }

        return [];
    }
}
