using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelCompiler.Peer;

/// <summary>A transformer block as libtorch's users write it: one projection for query, key and value, fused attention, exact GELU.</summary>
internal sealed class Block : Module<Tensor, Tensor>
{
    private readonly LayerNorm _attentionNorm, _feedForwardNorm;
    private readonly Linear _qkv, _output, _up, _down;
    private readonly bool _isCausal, _isPost;
    private readonly int _heads;

    /// <param name="isPost">Norms stand behind the residual sums.</param>
    public Block(PeerShape shape, double epsilon, bool isCausal, bool isPost)
        : base("block")
    {
        var width = shape.Width;
        (_heads, _isCausal, _isPost) = (shape.Heads, isCausal, isPost);
        (_attentionNorm, _feedForwardNorm) = (LayerNorm(width, epsilon), LayerNorm(width, epsilon));
        (_qkv, _output, _up, _down) = (Linear(width, 3 * width), Linear(width, width), Linear(width, 4 * width), Linear(4 * width, width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        if (_isPost)
        {
            x = _attentionNorm.forward(x + Attend(x));
            return _feedForwardNorm.forward(x + FeedForward(x));
        }

        x += Attend(_attentionNorm.forward(x));
        return x + FeedForward(_feedForwardNorm.forward(x));
    }

    /// <summary>One token of a block whose norms stand before the layers.</summary>
    public Tensor Next(Tensor x, (Tensor Keys, Tensor Values) cache, int length)
    {
        var width = x.shape[2];
        var qkv = _qkv.forward(_attentionNorm.forward(x)).reshape(1, 1, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4);
        cache.Keys.narrow(2, length, 1).copy_(qkv[1]);
        cache.Values.narrow(2, length, 1).copy_(qkv[2]);
        var attended = functional.scaled_dot_product_attention(qkv[0], cache.Keys.narrow(2, 0, length + 1), cache.Values.narrow(2, 0, length + 1));
        x += _output.forward(attended.reshape(1, 1, width));
        return x + FeedForward(_feedForwardNorm.forward(x));
    }

    private Tensor Attend(Tensor x)
    {
        var (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var qkv = _qkv.forward(x).reshape(batch, length, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4);
        var attended = functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], is_casual: _isCausal);
        return _output.forward(attended.transpose(1, 2).reshape(batch, length, width));
    }

    private Tensor FeedForward(Tensor x) => _down.forward(functional.gelu(_up.forward(x)));
}
