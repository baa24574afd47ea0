namespace ModelCompiler.Evaluation;

/// <summary>An answer about a picture beside those that people gave. Source: Antol et al., VQA, 2015, and its evaluation.</summary>
/// <param name="Normalized">The answer as it is compared.</param>
/// <param name="Matches">How many gave the same.</param>
/// <param name="Simple">min(matches / 3, 1).</param>
/// <param name="Official">Mean over leaving each person out of min(matches of the others / 3, 1).</param>
public sealed record VqaAccuracy(string Normalized, int Matches, double Simple, double Official)
{
    private const double Enough = 3;

    /// <summary>Texts are normalized only where people do not all say the same, as the official evaluation does.</summary>
    /// <param name="answers">Usually ten.</param>
    /// <exception cref="ArgumentException">There are no answers.</exception>
    public static VqaAccuracy Of(string prediction, IReadOnlyList<string> answers)
    {
        if (answers.Count == 0)
        {
            throw new ArgumentException("Nobody answered.", nameof(answers));
        }

        string[] given = [.. answers.Select(Plain)];
        var own = Plain(prediction);
        if (given.Distinct(StringComparer.Ordinal).Skip(1).Any())
        {
            (own, given) = (VqaAnswer.Normalize(own), Array.ConvertAll(given, VqaAnswer.Normalize));
        }

        var matches = given.Count(a => a == own);
        return new(own, matches, Math.Min(matches / Enough, 1), given.Average(a => Math.Min((matches - (a == own ? 1 : 0)) / Enough, 1)));
    }

    private static string Plain(string text) => text.Replace('\n', ' ').Replace('\t', ' ').Trim();
}
