using ModelCompiler.Cli.Hosting;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Data;
using ModelCompiler.Runtime;

namespace ModelCompiler.Cli.Embedding;

/// <summary>A checkpoint folder as an encoder of texts: its model compiled in this process, its own tokenizer, one vector a text.</summary>
public sealed class TextEmbedder : IDisposable
{
    private readonly IModel _model;
    private readonly Tokenizer _tokenizer;
    private readonly SentenceFolder _settings;

    /// <exception cref="HostException">The folder asks for what has no counterpart.</exception>
    /// <exception cref="InvalidDataException">Its tokenizer cannot be read.</exception>
    public TextEmbedder(string folder, Device? device = null)
    {
        _settings = SentenceFolder.Read(folder);
        var scaffold = CheckpointFolder.Scaffold(folder, "Embedder");
        var spec = scaffold.Spec ?? throw new HostException($"{folder} asks for what has no counterpart yet:\n  {string.Join("\n  ", scaffold.Unsupported)}");
        if (spec.Attributes[0].Name is not ("TransformerEncoder" or "TransformerDecoder"))
            throw new HostException($"{folder} holds a model with [{spec.Attributes[0].Name}]; texts are what TransformerEncoder and TransformerDecoder take.");
        _tokenizer = Tokenizer.Load(folder);
        RequireRows(folder, spec.Attributes[0]);
        _model = HostedModel.Compile(Pooled(spec, _settings.HasPooling)).Load(folder, out var report, device);
        Report = report;
    }

    /// <summary>What was loaded, and what was not.</summary>
    public Runtime.Checkpoints.LoadReport Report { get; }

    /// <summary>Most tokens of a text; what is more is cut off.</summary>
    public int MostTokens => Math.Min(_settings.MostTokens ?? int.MaxValue, _model.Core.Description.MaxLength);

    /// <summary>A vector a text, of unit length where the folder says so.</summary>
    public float[][] Embed(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return [];
        texts = [.. texts.Select(_settings.Prepare)];
        var batch = new HostedTokens(texts.Count, _tokenizer.LengthOf(texts, MostTokens), _model.Core);

        // Without a padding token any will do, as masked tokens do not count.
        _tokenizer.Fill(batch, texts, options: new EncodeOptions { Truncation = TokenTruncation.LongestFirst, PadToken = _tokenizer.PadToken ?? _tokenizer.Vocabulary[0] });
        batch.Set();
        _model.Core.Forward(batch.Count, batch.Length);
        var pooled = _model.Core.Output("pooled");
        return [.. pooled.Chunk(pooled.Length / texts.Count).Select(v => _settings.IsNormalized ? Normalized(v) : v)];
    }

    public void Dispose() => _model.Dispose();

    // Before a model of some hundred megabytes is compiled and loaded in vain.
    private void RequireRows(string folder, AttributeSpec tower)
    {
        if (tower.Arguments.FirstOrDefault(static a => a.Name == nameof(TextTransformerAttribute.Vocabulary))?.Value is SpecValue.Integer rows && _tokenizer.Vocabulary.Size > rows.Value)
            throw new HostException($"{folder}: the tokenizer has ids up to {_tokenizer.Vocabulary.Size - 1}, and the model's table {rows.Value} rows.");
    }

    private static float[] Normalized(float[] vector)
    {
        var norm = Math.Sqrt(vector.Sum(static v => (double)v * v));
        return Array.ConvertAll(vector, v => (float)(v / Math.Max(norm, 1e-12)));
    }

    // The tower and its pooling alone: no head, no pooler. The mean over real tokens where the folder does not say how to pool.
    private static ModelSpec Pooled(ModelSpec spec, bool hasPooling)
    {
        var tower = spec.Attributes[0];
        if (!hasPooling)
        {
            var arguments = tower.Arguments.Where(static a => a.Name is not ("Pooling" or "Pooler" or "PoolerWidth")).Append(new ArgumentSpec("Pooling", new SpecValue.Integer((long)Pooling.Mean)));
            tower = tower with { Arguments = new(arguments) };
        }

        return spec with { Attributes = new([tower, .. spec.Attributes.Where(static a => a.Name == "Checkpoint")]) };
    }
}
