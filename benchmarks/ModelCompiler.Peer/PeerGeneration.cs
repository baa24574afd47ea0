using static TorchSharp.torch;

namespace ModelCompiler.Peer;

/// <summary>A GPT that writes one row greedily: keys and values are kept in memory with room for the whole context, which nothing copies.</summary>
internal sealed class PeerGeneration : IPeerRun
{
    private const int Tokens = 8, Prompt = 16, Longest = 256;
    private readonly Gpt _model;
    private readonly (Tensor Keys, Tensor Values)[] _cache;
    private int _length = Longest;
    private long _token = 1;

    public PeerGeneration(PeerShape shape)
    {
        _model = new Gpt(shape);
        PeerTraining.Initialize(_model);
        _model.eval();
        _cache = [.. Enumerable.Range(0, shape.Layers).Select(_ => (Empty(), Empty()))];

        Tensor Empty() => zeros(1, shape.Heads, Longest, shape.Width / shape.Heads);
    }

    public long Parameters => _model.parameters().Sum(static p => p.numel());

    /// <summary>Eight tokens; the last of them.</summary>
    public float Step()
    {
        using var gradients = no_grad();
        if (_length + Tokens > Longest)
        {
            for (_length = 0; _length < Prompt;)
            {
                Next();
            }
        }

        for (var i = 0; i < Tokens; i++)
        {
            Next();
        }

        return _token;
    }

    private void Next()
    {
        using var scope = NewDisposeScope();
        _token = _model.Next(tensor(new[] { _token }).reshape(1, 1), _cache, _length++).argmax(-1).item<long>();
    }
}
