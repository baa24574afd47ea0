using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelCompiler.Peer;

/// <summary>Token ids to logits of the tokens that stood there: dense, GELU, norm, product with the token table, bias.</summary>
internal sealed class Bert : Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-12;
    private readonly Embedding _tokens, _positions, _segments;
    private readonly LayerNorm _embeddingNorm, _headNorm;
    private readonly Sequential _blocks;
    private readonly Linear _dense;
    private readonly Parameter _bias;

    public Bert(PeerShape shape)
        : base("bert")
    {
        var width = shape.Width;
        (_tokens, _positions, _segments) = (Embedding(shape.Outputs, width), Embedding(shape.Size, width), Embedding(2, width));
        (_embeddingNorm, _headNorm) = (LayerNorm(width, Epsilon), LayerNorm(width, Epsilon));
        _blocks = Sequential(Enumerable.Range(0, shape.Layers).Select(_ => new Block(shape, Epsilon, isCausal: false, isPost: true)));
        (_dense, _bias) = (Linear(width, width), Parameter(zeros(shape.Outputs)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor ids)
    {
        var x = _tokens.forward(ids) + _positions.forward(arange(ids.shape[1])) + _segments.forward(zeros_like(ids));
        x = _blocks.forward(_embeddingNorm.forward(x));
        return functional.linear(_headNorm.forward(functional.gelu(_dense.forward(x))), _tokens.weight!, _bias);
    }
}
