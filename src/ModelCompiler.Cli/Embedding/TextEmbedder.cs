using ModelCompiler.Cli.Hosting;
using ModelCompiler.Cli.Scaffolding;
using ModelCompiler.Data;
using ModelCompiler.Runtime;

namespace ModelCompiler.Cli.Embedding;

/// <summary>A checkpoint folder as an encoder of texts: its model compiled in this process, its own tokenizer, one vector a text.</summary>
public sealed class TextEmbedder : IDisposable
{
    private readonly TextReading _reading;
    private readonly HostedModel _hosted;
    private readonly IModel _model;
    private readonly Tokenizer _tokenizer;
    private readonly SentenceFolder _settings;

    /// <exception cref="HostException">The folder asks for what has no counterpart, or its model makes no vectors of texts.</exception>
    /// <exception cref="InvalidDataException">Its tokenizer cannot be read.</exception>
    public TextEmbedder(string folder, Device? device = null)
    {
        _settings = SentenceFolder.Read(folder);
        var scaffold = CheckpointFolder.Scaffold(folder, "Embedder");
        var spec = scaffold.Spec ?? throw new HostException($"{folder} asks for what has no counterpart yet:\n  {string.Join("\n  ", scaffold.Unsupported)}");
        _reading = TextReading.Of(folder, spec, _settings.HasPooling);
        _tokenizer = Tokenizer.Load(folder);

        // Before a model of some hundred megabytes is compiled and loaded in vain.
        if (_tokenizer.Vocabulary.Size > _reading.Tower.Vocabulary)
            throw new HostException($"{folder}: the tokenizer has ids up to {_tokenizer.Vocabulary.Size - 1}, and the model's table {_reading.Tower.Vocabulary} rows.");
        if (_reading.ReadsPadding && _tokenizer.PadToken is null)
            throw new HostException($"{folder}: the model reads padding too, and its tokenizer names no padding token: say pad_token in tokenizer_config.json.");
        var (special, most) = (_tokenizer.CountTokens(""), Math.Min(_settings.MostTokens ?? int.MaxValue, _reading.Tower.Context));
        if (special > most)
            throw new HostException($"{folder}: {(_settings.MostTokens == most ? "max_seq_length is" : "the model takes")} {most}, and the tokenizer puts {special} special tokens around each text; legal is {special} or more.");
        _hosted = HostedModel.Compile(_reading.Spec);
        _model = _hosted.Load(folder, out var report, device);
        Report = report;
    }

    /// <summary>What was loaded, and what was not.</summary>
    public Runtime.Checkpoints.LoadReport Report { get; }

    /// <summary>Most tokens of a text; what is more is cut off.</summary>
    public int MostTokens => Math.Min(_settings.MostTokens ?? int.MaxValue, _reading.Tower.Context);

    /// <summary>Tokens of a text with its prompt and special ones, before it is cut.</summary>
    /// <exception cref="ArgumentException">The tokenizer has no token for a part of it.</exception>
    public int CountTokens(string text) => _tokenizer.CountTokens(_settings.Prepare(text));

    /// <summary>A vector a text, of unit length where the folder says so, and where it meets those of pictures.</summary>
    /// <exception cref="ArgumentException">The tokenizer has no token for a part of a text.</exception>
    public float[][] Embed(IReadOnlyList<string> texts) => [.. texts.Select(_settings.Prepare).Chunk(_reading.HasScores ? 1 : int.MaxValue).SelectMany(Vectors)];

    public void Dispose() => _model.Dispose();

    private float[][] Vectors(string[] texts)
    {
        var length = _reading.ReadsPadding ? MostTokens : _tokenizer.LengthOf(texts, MostTokens);
        TokenBatch[] inputs = [.. _reading.Inputs.Select(type => _hosted.Tokens(type, texts.Length, length))];

        // Without a padding token any will do, as masked tokens do not count.
        _tokenizer.Fill(inputs[0], texts, options: new EncodeOptions
        {
            Truncation = TokenTruncation.LongestFirst,
            TruncationSide = _tokenizer.BatchOptions.TruncationSide,
            PadToken = _tokenizer.PadToken ?? _tokenizer.Vocabulary[0],
        });
        foreach (var input in inputs)
            _hosted.SetInputs(_model, input);
        if (_reading.Pass == Pass.Forward)
            _model.Core.Forward(texts.Length, length);
        else
            _model.Core.Encode(_reading.Pass, texts.Length, length);
        var values = _model.Core.Output(_reading.Output);
        var vectors = values.Chunk(values.Length / texts.Length).Select((row, i) => _reading.IsOfTokens ? Mean(row, inputs[0].Mask.AsSpan(i * length, length)) : row);
        return [.. vectors.Select(v => _settings.IsNormalized || _reading.IsUnit ? Normalized(v) : v)];
    }

    // Of what was read; padding is not.
    private static float[] Mean(float[] tokens, ReadOnlySpan<int> mask)
    {
        var sums = new double[tokens.Length / mask.Length];
        for (var t = 0; t < mask.Length; t++)
        {
            for (var c = 0; c < sums.Length && mask[t] != 0; c++)
                sums[c] += tokens[(t * sums.Length) + c];
        }

        var count = Math.Max(1, mask.Count(1));
        return Array.ConvertAll(sums, s => (float)(s / count));
    }

    private static float[] Normalized(float[] vector)
    {
        var norm = Math.Sqrt(vector.Sum(static v => (double)v * v));
        return Array.ConvertAll(vector, v => (float)(v / Math.Max(norm, 1e-12)));
    }
}
