namespace ModelCompiler.Evaluation;

/// <summary>An answer beside those that are right, as SQuAD measures it: the best over the answers. Source: Rajpurkar et al., SQuAD, 2016.</summary>
/// <param name="Exact">1 where it is one of them after <see cref="Normalize"/>, else 0.</param>
/// <param name="F1">Words in common, as bags, 0 to 1; where either has no words 1 if both have none.</param>
public readonly record struct ExactMatch(double Exact, double F1)
{
    /// <exception cref="ArgumentException">There are no answers.</exception>
    public static ExactMatch Of(string prediction, IReadOnlyList<string> answers)
    {
        if (answers.Count == 0)
        {
            throw new ArgumentException("There are no right answers.", nameof(answers));
        }

        var own = Normalize(prediction);
        return new(answers.Max(a => Normalize(a) == own ? 1.0 : 0.0), answers.Max(a => Overlap(own, Normalize(a))));
    }

    /// <summary>Lower case, ASCII punctuation taken out, the words a, an and the too, one space between words.</summary>
    public static string Normalize(string text) => string.Join(' ',
        Words.Of(string.Concat(text.ToLowerInvariant().Where(static c => c >= 128 || !(char.IsPunctuation(c) || char.IsSymbol(c))))).Where(static w => w is not ("a" or "an" or "the")));

    private static double Overlap(string prediction, string answer)
    {
        var (a, b) = (Words.Of(prediction), Words.Of(answer));
        if (a.Length == 0 || b.Length == 0)
        {
            return a.Length == b.Length ? 1 : 0;
        }

        return 2.0 * NGrams.Clipped(a, [b], 1) / (a.Length + b.Length);
    }
}
