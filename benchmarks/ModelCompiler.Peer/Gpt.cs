using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelCompiler.Peer;

/// <summary>Token ids to logits of the next token; the head is the token table.</summary>
internal sealed class Gpt : Module<Tensor, Tensor>
{
    private readonly Embedding _tokens, _positions;
    private readonly Sequential _blocks;
    private readonly LayerNorm _norm;

    public Gpt(PeerShape shape)
        : base("gpt")
    {
        (_tokens, _positions) = (Embedding(shape.Outputs, shape.Width), Embedding(shape.Size, shape.Width));
        _blocks = Sequential(Enumerable.Range(0, shape.Layers).Select(_ => new Block(shape, 1e-5, isCausal: true, isPost: false)));
        _norm = LayerNorm(shape.Width);
        RegisterComponents();
    }

    /// <summary>Logits [1, vocabulary] behind one token, whose keys and values join those of the tokens before it.</summary>
    /// <param name="length">Tokens before it.</param>
    public Tensor Next(Tensor id, (Tensor Keys, Tensor Values)[] cache, int length)
    {
        var x = _tokens.forward(id) + _positions.weight!.narrow(0, length, 1);
        var layer = 0;
        foreach (var block in _blocks.children().Cast<Block>())
        {
            x = block.Next(x, cache[layer++], length);
        }

        return functional.linear(_norm.forward(x), _tokens.weight!).reshape(1, -1);
    }

    public override Tensor forward(Tensor ids)
    {
        var x = _tokens.forward(ids) + _positions.forward(arange(ids.shape[1]));
        return functional.linear(_norm.forward(_blocks.forward(x)), _tokens.weight!);
    }
}
