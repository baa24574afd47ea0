namespace ModelCompiler;

/// <summary>Base of the attributes that add a loss, with or without a head. A model may have several: their losses are added, each times its weight.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class ObjectiveAttribute : Attribute
{
    /// <summary>What the loss is multiplied by; above 0.</summary>
    public double Weight { get; set; } = 1;
}

/// <summary>What a batch says of each sample's class.</summary>
public enum ClassTargets
{
    /// <summary>The number of its class, in <c>Labels</c>.</summary>
    Labels,

    /// <summary>How much it is of each class, in <c>Probabilities</c> [batch, classes], which add up to 1: of mixed pictures (mixup, cutmix), or a teacher's.</summary>
    Probabilities,
}

/// <summary>A linear head on the pooled vector with softmax cross-entropy, or one logistic loss a label.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ClassificationAttribute : ObjectiveAttribute
{
    /// <summary>Number of classes, 2 or more (1 or more with <see cref="MultiLabel"/>).</summary>
    public int Classes { get; set; }

    /// <summary>Every class is a yes or no of its own: targets are 0 or 1 for each, the loss is the mean logistic loss.</summary>
    public bool MultiLabel { get; set; }

    /// <summary>Whether the class of a sample is a number or a distribution; not with <see cref="MultiLabel"/>, whose targets are a number for each class anyway.</summary>
    public ClassTargets Targets { get; set; }

    /// <summary>
    /// 0 to below 1, usually 0.1: the loss is asked of (1 - this) x target + this / classes (Szegedy et al. 2015, arXiv:1512.00567; torch's label_smoothing).
    /// What a teacher gave stays as it is. Not with <see cref="MultiLabel"/>.
    /// </summary>
    public double LabelSmoothing { get; set; }

    /// <summary>
    /// Gamma of the focal loss, above 0, usually 2: with <see cref="MultiLabel"/>, the logistic loss of each class is multiplied by (1 - p)^gamma, p the probability of what is right, so that what
    /// is known already counts little (Lin et al. 2017, arXiv:1708.02002). 0: the logistic loss as it is.
    /// </summary>
    public double Focal { get; set; }

    /// <summary>With <see cref="Focal"/>, what classes that are present count, usually 0.25; those that are not count 1 - this. Above 0 and below 1; 0: both count 1.</summary>
    public double FocalAlpha { get; set; }

    /// <summary>
    /// 0 to below 1, usually 0.7: a teacher's part of the loss, whose logits of each sample the batch has in <c>TeacherLogits</c> [batch, classes]. The loss is (1 - this) x cross-entropy + this x
    /// T^2 x KL(softmax(teacher / T) | softmax(logits / T)), each a mean over samples, T the <see cref="TeacherTemperature"/> (Hinton et al. 2015, arXiv:1503.02531). Not with
    /// <see cref="MultiLabel"/> or <see cref="Distilled"/>.
    /// </summary>
    public double TeacherShare { get; set; }

    /// <summary>Both logits are divided by it before the teacher is compared; above 0, usually 2 to 5.</summary>
    public double TeacherTemperature { get; set; } = 1;

    /// <summary>A bias on the head.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>
    /// A second head, on the distillation token, learns the labels that a teacher gave; the loss is the mean of both and the logits are
    /// the mean of the heads (hard distillation of DeiT, arXiv:2012.12877).
    /// </summary>
    public bool Distilled { get; set; }
}

/// <summary>Each position predicts the next token, in a decoder alone or one that reads an encoder; logits are products with the token table unless <see cref="Tied"/> is off.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CausalLanguageModelAttribute : ObjectiveAttribute
{
    /// <summary>The head's weight is the token table.</summary>
    public bool Tied { get; set; } = true;

    /// <summary>A bias on the logits.</summary>
    public bool Bias { get; set; }

    /// <summary>
    /// 0 to below 1, usually 0.1 in translation: the loss is asked of (1 - this) x target + this / vocabulary (Szegedy et al. 2015, arXiv:1512.00567; torch's
    /// label_smoothing). <c>Evaluate</c> then also gives the loss without it, as the output <c>negative_log_likelihood</c>.
    /// </summary>
    public double LabelSmoothing { get; set; }
}

/// <summary>Masked positions predict the token that stood there (BERT): dense, activation, norm, product with the token table, bias.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MaskedLanguageModelAttribute : ObjectiveAttribute
{
    /// <summary>The head's weight is the token table.</summary>
    public bool Tied { get; set; } = true;

    /// <summary>Activation between the head's dense layer and its norm.</summary>
    public Activation Activation { get; set; } = Activation.Gelu;

    /// <summary>Also predict from the pooled vector whether the second segment follows the first (0: it does); needs a pooled vector.</summary>
    public bool NextSentence { get; set; }
}

/// <summary>Base of the objectives of two towers.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class PairObjectiveAttribute : ObjectiveAttribute;

/// <summary>
/// The pairs of a batch belong together and its other combinations do not: the mean of the cross-entropies from each side to the other (InfoNCE both ways, as CLIP).
/// A training step never stores all similarities, nor those with a queue. For models of two towers.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ContrastiveAttribute : PairObjectiveAttribute
{
    /// <summary>
    /// Pairs of a batch may belong together crosswise, as several captions of one picture do: a batch has a number for each pair, and pairs with the same one
    /// share what is right equally (retrieval of ALBEF and BLIP, which number the vectors in their queues too: here it goes with neither copies nor a queue).
    /// With <see cref="AccumulateAttribute"/> numbers count in all batches of a step.
    /// </summary>
    public bool ByIds { get; set; }

    /// <summary>
    /// Which part of what is right is said by the momentum copies' own similarities instead of the pairs, 0 up to below 1; usual with
    /// <see cref="CompositionAttribute.Momentum"/>, which it needs: 0.4 (ALBEF, arXiv:2107.07651).
    /// </summary>
    public double SoftTargets { get; set; }

    /// <summary>The other pairs of a batch are negatives. Off, those of the <see cref="CompositionAttribute.Queue"/> alone are, which it then needs (MoCo, arXiv:1911.05722).</summary>
    public bool BatchNegatives { get; set; } = true;
}

/// <summary>
/// Every combination of a batch is asked on its own whether it is a pair: the logistic losses of a row are added up, and the mean over rows is taken
/// (SigLIP; Zhai et al. 2023, arXiv:2303.15343). A training step never stores all similarities. Usual with <see cref="CompositionAttribute.Bias"/>. For models of two towers.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PairwiseSigmoidAttribute : PairObjectiveAttribute;

/// <summary>Mean squared error between the model's features and given ones, for distillation, alone or beside another objective. With both, the two means are added.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FeatureRegressionAttribute : ObjectiveAttribute
{
    /// <summary>Compare every token's vector.</summary>
    public bool Hidden { get; set; } = true;

    /// <summary>Compare the pooled vector.</summary>
    public bool Pooled { get; set; }
}
