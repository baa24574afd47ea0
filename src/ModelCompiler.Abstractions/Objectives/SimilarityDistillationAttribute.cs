namespace ModelCompiler;

/// <summary>
/// Similarities are to be those of a teacher: the mean of the cross-entropies, both ways, of the model's similarities from the softmax of the teacher's, whose vectors are
/// data of the batch. Usual beside <see cref="ContrastiveAttribute"/> (open_clip's distillation). For models of two towers.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SimilarityDistillationAttribute : PairObjectiveAttribute
{
    /// <summary>Channels of the teacher's vectors, 1 or more: they need not be the model's.</summary>
    public int TeacherWidth { get; set; }

    /// <summary>What the products of the teacher's vectors are multiplied by; above 0. They are its cosines where the vectors that a batch gives have unit length: they are taken as they are.</summary>
    public double TeacherScale { get; set; } = 100;
}
