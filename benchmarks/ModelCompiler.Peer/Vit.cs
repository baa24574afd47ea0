using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelCompiler.Peer;

/// <summary>Pictures to logits of their class, or to another vector, read from a class token.</summary>
internal sealed class Vit : Module<Tensor, Tensor>
{
    private const int Patch = 16;
    private const double Epsilon = 1e-6;
    private readonly Conv2d _patches;
    private readonly Parameter _class, _positions;
    private readonly Sequential _blocks;
    private readonly LayerNorm _norm;
    private readonly Linear _head;

    public Vit(PeerShape shape, bool hasHeadBias = true)
        : base("vit")
    {
        var (width, side) = (shape.Width, shape.Size / Patch);
        _patches = Conv2d(3, width, kernel_size: Patch, stride: Patch);
        (_class, _positions) = (Parameter(randn(1, 1, width) * 0.02), Parameter(randn(1, 1 + (side * side), width) * 0.02));
        _blocks = Sequential(Enumerable.Range(0, shape.Layers).Select(_ => new Block(shape, Epsilon, isCausal: false, isPost: false)));
        (_norm, _head) = (LayerNorm(width, Epsilon), Linear(width, shape.Outputs, hasHeadBias));
        RegisterComponents();
    }

    public override Tensor forward(Tensor pictures)
    {
        var patches = _patches.forward(pictures).flatten(2).transpose(1, 2);
        var x = cat([_class.expand(pictures.shape[0], 1, -1), patches], 1) + _positions;
        return _head.forward(_norm.forward(_blocks.forward(x).select(1, 0)));
    }
}
