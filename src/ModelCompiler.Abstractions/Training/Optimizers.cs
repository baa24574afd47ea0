namespace ModelCompiler;

/// <summary>Base of the attributes that choose the optimizer.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class OptimizerAttribute : Attribute
{
    /// <summary>Highest learning rate; a schedule multiplies it.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>Decoupled weight decay (L2 for <see cref="SgdAttribute"/>) of matrices; biases, norms and, unless <see cref="DecayEmbeddings"/>, tables are spared.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Decay token, segment and position tables and class tokens as well.</summary>
    public bool DecayEmbeddings { get; set; }

    /// <summary>Class tokens, distillation tokens, registers and mask tokens are among what <see cref="DecayEmbeddings"/> decays. Off: they are spared, as where what has one axis is.</summary>
    public bool DecayTokens { get; set; } = true;
}

/// <summary>AdamW (Loshchilov and Hutter 2017, arXiv:1711.05101), as torch.optim.AdamW.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AdamWAttribute : OptimizerAttribute
{
    public AdamWAttribute() => WeightDecay = 0.01;

    public double Beta1 { get; set; } = 0.9;

    public double Beta2 { get; set; } = 0.999;

    /// <summary>Added to the root of the second moment, after bias correction.</summary>
    public double Epsilon { get; set; } = 1e-8;
}

/// <summary>Stochastic gradient descent with momentum, as torch.optim.SGD.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SgdAttribute : OptimizerAttribute
{
    public double Momentum { get; set; } = 0.9;

    public bool Nesterov { get; set; }
}

/// <summary>Lion (Chen et al. 2023, arXiv:2302.06675): the sign of an interpolated momentum.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LionAttribute : OptimizerAttribute
{
    public LionAttribute() => LearningRate = 1e-4;

    public double Beta1 { get; set; } = 0.9;

    public double Beta2 { get; set; } = 0.99;
}
