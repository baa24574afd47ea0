namespace ModelCompiler.Evaluation;

/// <summary>ROUGE-L of a caption beside several: the largest precision and the largest recall, recall weighing more.</summary>
internal static class CaptionRouge
{
    private const double Beta = 1.2;

    public static double Of(string[] candidate, string[][] references)
    {
        var (precision, recall) = (0.0, 0.0);
        foreach (var reference in references.Where(r => r.Length > 0 && candidate.Length > 0))
        {
            double common = NGrams.LongestCommon(candidate, reference);
            precision = Math.Max(precision, common / candidate.Length);
            recall = Math.Max(recall, common / reference.Length);
        }

        return precision == 0 || recall == 0 ? 0 : (1 + (Beta * Beta)) * precision * recall / (recall + (Beta * Beta * precision));
    }
}
