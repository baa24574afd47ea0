using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelCompiler.Peer;

/// <summary>Pictures and texts to their scaled similarities, in a joint space as wide as the towers; a text is its last token.</summary>
internal sealed class Clip : Module<Tensor, Tensor, Tensor>
{
    /// <summary>Tokens of a text.</summary>
    public const int Length = 32;

    private const int TextLayers = 6;
    private const double Temperature = 0.07;
    private readonly Vit _pictures;
    private readonly Embedding _tokens, _positions;
    private readonly Sequential _blocks;
    private readonly LayerNorm _norm;
    private readonly Linear _projection;
    private readonly Parameter _scale;

    /// <param name="shape">Of the tower of pictures; its outputs are the tokens of the vocabulary.</param>
    public Clip(PeerShape shape)
        : base("clip")
    {
        var width = shape.Width;
        _pictures = new Vit(shape with { Outputs = width }, hasHeadBias: false);
        (_tokens, _positions) = (Embedding(shape.Outputs, width), Embedding(Length, width));
        _blocks = Sequential(Enumerable.Range(0, TextLayers).Select(_ => new Block(shape, 1e-5, isCausal: true, isPost: false)));
        (_norm, _projection, _scale) = (LayerNorm(width), Linear(width, width, hasBias: false), Parameter(tensor((float)Math.Log(1 / Temperature))));
        RegisterComponents();
    }

    public override Tensor forward(Tensor pictures, Tensor ids)
    {
        var x = _blocks.forward(_tokens.forward(ids) + _positions.forward(arange(Length)));
        var texts = functional.normalize(_projection.forward(_norm.forward(x.select(1, Length - 1))));
        return _scale.exp() * functional.normalize(_pictures.forward(pictures)).mm(texts.t());
    }
}
