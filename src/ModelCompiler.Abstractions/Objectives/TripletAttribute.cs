namespace ModelCompiler;

/// <summary>
/// Each picture is nearer to its text than to any other by a margin, and each text to its picture: the sum, no mean, of max(0, margin + similarity of what does not belong
/// together - similarity of what does), both ways (VSE, Kiros et al. 2014, arXiv:1411.2539; VSE++, Faghri et al. 2018, arXiv:1707.05612). It compares cosines, or what <see cref="CompositionAttribute.Measure"/> says, as they are:
/// a margin says nothing of similarities whose scale is learned. For models of two towers.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TripletAttribute : PairObjectiveAttribute
{
    /// <summary>How much nearer, as a difference of similarities: above 0 and up to 2.</summary>
    public double Margin { get; set; } = 0.2;

    /// <summary>
    /// Only the nearest of what does not belong to each counts (VSE++) instead of all of them. Where several are equally near, they share its gradient. Training often
    /// begins only behind a warm-up.
    /// </summary>
    public bool Hardest { get; set; }
}
