using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelCompiler.Peer;

/// <summary>A model with its batch and optimizer. Weights start with deviation 0.02: wider ones make gradients denormal and libtorch slow.</summary>
internal sealed class PeerTraining : IPeerRun
{
    private readonly Module<Tensor, Tensor> _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _inputs, _targets;
    private readonly PeerShape _shape;

    /// <param name="kind">gpt, bert or vit.</param>
    public PeerTraining(string kind, PeerShape shape)
    {
        _shape = shape;
        _model = kind switch
        {
            "gpt" => new Gpt(shape),
            "bert" => new Bert(shape),
            "vit" => new Vit(shape),
            _ => throw new ArgumentException($"There is no model '{kind}'; there are gpt, bert and vit.", nameof(kind)),
        };
        Initialize(_model);
        _optimizer = optim.AdamW(_model.parameters(), lr: 1e-4, weight_decay: 0.1);
        (_inputs, _targets) = kind == "vit"
            ? (randn(shape.Batch, 3, shape.Size, shape.Size), randint(shape.Outputs, shape.Batch, dtype: ScalarType.Int64))
            : (randint(shape.Outputs, [shape.Batch, shape.Size], dtype: ScalarType.Int64), randint(shape.Outputs, shape.Batch * shape.Size, dtype: ScalarType.Int64));
    }

    public long Parameters => _model.parameters().Sum(static p => p.numel());

    /// <summary>Forward, backward, clipping, AdamW. Returns the loss before the step.</summary>
    public float Step()
    {
        using var scope = NewDisposeScope();
        _model.zero_grad();
        var loss = functional.cross_entropy(_model.forward(_inputs).reshape(-1, _shape.Outputs), _targets);
        loss.backward();
        nn.utils.clip_grad_norm_(_model.parameters(), 1.0);
        _optimizer.step();
        return loss.item<float>();
    }

    /// <summary>Random weights.</summary>
    public static void Initialize(Module model)
    {
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.dim() > 1)
            {
                init.normal_(parameter, 0, 0.02);
            }
            else if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                init.zeros_(parameter);
            }
        }
    }
}
