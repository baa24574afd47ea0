namespace ModelCompiler;

/// <summary>
/// Samples of one label are near each other and far from the rest of their batch: for each sample that is not alone with its label, the mean over the others of that label
/// of the cross-entropy among all other samples, of cosines divided by a temperature; then the mean over samples (Khosla et al. 2020, arXiv:2004.11362, outside the
/// logarithm). Pooled vectors are brought to length 1. Several views of a picture are several samples with one label.
/// Alone or beside another objective; beside <see cref="ClassificationAttribute"/> it reads the same <c>Labels</c>, of which a negative one belongs with none. For models of one tower: of two,
/// <see cref="ContrastiveAttribute.ByIds"/> says which pairs belong together.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SupervisedContrastiveAttribute : ObjectiveAttribute
{
    /// <summary>Cosines are divided by it; above 0.</summary>
    public double Temperature { get; set; } = 0.1;
}
