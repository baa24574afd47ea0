using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ModelCompiler.Peer;

/// <summary>A model with its batch and optimizer. Weights start with deviation 0.02: wider ones make gradients denormal and libtorch slow.</summary>
internal sealed class PeerTraining : IPeerRun
{
    private readonly Module _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Func<Tensor> _loss;

    /// <param name="kind">gpt, bert, vit or clip.</param>
    public PeerTraining(string kind, PeerShape shape)
    {
        (_model, _loss) = kind switch
        {
            "gpt" => Classifier(new Gpt(shape), Ids(shape.Size), shape.Batch * shape.Size),
            "bert" => Classifier(new Bert(shape), Ids(shape.Size), shape.Batch * shape.Size),
            "vit" => Classifier(new Vit(shape), Pictures(), shape.Batch),
            "clip" => Pairs(new Clip(shape), Pictures(), Ids(Clip.Length)),
            _ => throw new ArgumentException($"There is no model '{kind}'; there are gpt, bert, vit and clip.", nameof(kind)),
        };
        Initialize(_model);
        _optimizer = optim.AdamW(_model.parameters(), lr: 1e-4, weight_decay: 0.1);

        Tensor Pictures() => randn(shape.Batch, 3, shape.Size, shape.Size);

        Tensor Ids(int length) => randint(shape.Outputs, [shape.Batch, length], dtype: ScalarType.Int64);

        (Module, Func<Tensor>) Classifier(Module<Tensor, Tensor> model, Tensor inputs, int count)
        {
            var targets = randint(shape.Outputs, count, dtype: ScalarType.Int64);
            return (model, () => functional.cross_entropy(model.forward(inputs).reshape(-1, shape.Outputs), targets));
        }

        static (Module, Func<Tensor>) Pairs(Clip model, Tensor pictures, Tensor texts)
        {
            var own = arange(pictures.shape[0]);
            return (model, () => BothWays(model.forward(pictures, texts), own));
        }

        static Tensor BothWays(Tensor similarities, Tensor own) => (functional.cross_entropy(similarities, own) + functional.cross_entropy(similarities.t(), own)) / 2;
    }

    public long Parameters => _model.parameters().Sum(static p => p.numel());

    /// <summary>Forward, backward, clipping, AdamW. Returns the loss before the step.</summary>
    public float Step()
    {
        using var scope = NewDisposeScope();
        _model.zero_grad();
        var loss = _loss();
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
