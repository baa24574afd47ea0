using System.Text.RegularExpressions;

namespace ModelCompiler.Evaluation;

/// <summary>ROUGE of a summary, the same numbers as rouge-score 0.1 without stemming: lower case, everything but a-z and 0-9 separates. Source: Lin, ROUGE, 2004.</summary>
/// <param name="Precision">Share of the prediction that the reference has, 0 to 1.</param>
/// <param name="Recall">Share of the reference that the prediction has.</param>
public readonly partial record struct Rouge(double Precision, double Recall)
{
    /// <summary>Harmonic mean; 0 where nothing is common.</summary>
    public double F1 => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : 0;

    /// <summary>By runs of words.</summary>
    /// <param name="n">Words of a run, 1 or more.</param>
    public static Rouge N(string prediction, string reference, int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        var (a, b) = (Cut(prediction), Cut(reference));
        return Of(NGrams.Clipped(a, [b], n), a.Length - n + 1, b.Length - n + 1);
    }

    /// <summary>By the longest common subsequence of words.</summary>
    public static Rouge L(string prediction, string reference)
    {
        var (a, b) = (Cut(prediction), Cut(reference));
        return Of(NGrams.LongestCommon(a, b), a.Length, b.Length);
    }

    private static Rouge Of(int common, int predicted, int right) => common == 0 ? default : new((double)common / predicted, (double)common / right);

    private static string[] Cut(string text) => Words.Of(Separators().Replace(text.ToLowerInvariant(), " "));

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Separators();
}
