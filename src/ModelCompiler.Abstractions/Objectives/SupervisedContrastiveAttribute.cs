namespace ModelCompiler;

/// <summary>
/// Samples of one label are near each other and far from the rest of their batch: for each sample that is not alone with its label, the mean over the others of that label
/// of the cross-entropy among all other samples, of cosines divided by a temperature; then the mean over samples (Khosla et al. 2020, arXiv:2004.11362, outside the
/// logarithm). Pooled vectors are brought to length 1. Several views of a picture are several samples with one label.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SupervisedContrastiveAttribute : ObjectiveAttribute
{
    /// <summary>Cosines are divided by it; above 0.</summary>
    public double Temperature { get; set; } = 0.1;
}
