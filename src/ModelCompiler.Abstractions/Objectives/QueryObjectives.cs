namespace ModelCompiler;

/// <summary>Base of the objectives of <see cref="Blip2PretrainingAttribute{TImage,TQFormer,TText}"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class QueryObjectiveAttribute : ObjectiveAttribute;

/// <summary>
/// Pictures and texts of a batch belong together by pairs (ITC of BLIP-2, arXiv:2301.12597): a similarity is the greatest of the cosines of the text's first token with the queries, and the
/// loss the mean of the cross-entropies from each side to the other. The first token of a text is no padding.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class QueryContrastiveAttribute : QueryObjectiveAttribute
{
    /// <summary>0 to below 1: the loss is asked of (1 - this) x pairs + this / batch.</summary>
    public double LabelSmoothing { get; set; } = 0.1;

    /// <summary>
    /// Several texts may be of one picture: a batch has a number for each pair, pairs with the same one share what is right equally, and none of them is a negative of another.
    /// </summary>
    public bool ByIds { get; set; }

    /// <summary>From pictures to texts only the pictures' side learns, from texts to pictures only the texts': what LAVIS does where features are gathered from several devices.</summary>
    public bool OwnSideOnly { get; set; }
}

/// <summary>
/// Is this the text of that picture (ITM of BLIP-2)? Queries and text see each other, and the mean of the queries' logits says yes or no. Of each pair of a batch, which has two or more, there are
/// two that are none: the text with another picture, and the picture with another text. Needs <see cref="QueryContrastiveAttribute"/>, whose similarities say which, unless a batch says itself
/// what matches (<see cref="HardNegatives.Given"/>).
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ImageTextMatchingAttribute : QueryObjectiveAttribute
{
    /// <summary>Which other ones; <c>Evaluate</c> takes the most similar ones always, so that a loss is the same twice.</summary>
    public HardNegatives Negatives { get; set; }
}

/// <summary>Which picture or text that does not belong to one is shown with it.</summary>
public enum HardNegatives
{
    /// <summary>One drawn by the softmax of the similarities; a function of the seed, the step and the place in the batch.</summary>
    Drawn,

    /// <summary>The most similar one.</summary>
    MostSimilar,

    /// <summary>None is added: the <c>Labels</c> of a batch say of each pair whether it is one (1) or not (0).</summary>
    Given,
}

/// <summary>
/// The text is said word by word from what the queries found (ITG of BLIP-2): its first token gives way to <see cref="StartToken"/>, and each predicts the next. Logits are as BERT's: dense,
/// activation, norm, product with the token table, bias. Padding does not count.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ImageGroundedTextAttribute : QueryObjectiveAttribute
{
    /// <summary>The id that a text to be said begins with, [DEC] of BLIP-2; below the vocabulary's size.</summary>
    public int StartToken { get; set; } = -1;

    /// <summary>0 to below 1: the loss is asked of (1 - this) x next token + this / vocabulary.</summary>
    public double LabelSmoothing { get; set; } = 0.1;
}
