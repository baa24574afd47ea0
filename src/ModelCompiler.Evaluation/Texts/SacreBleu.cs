using System.Text;
using System.Text.RegularExpressions;

namespace ModelCompiler.Evaluation;

/// <summary>How <see cref="SacreBleu"/> cuts a sentence.</summary>
public enum BleuTokens
{
    /// <summary>As mteval-v13a: punctuation alone, except within numbers. What papers report.</summary>
    International13A,

    /// <summary>At white space.</summary>
    None,

    /// <summary>Each character.</summary>
    Characters,
}

/// <summary>What an order of n-grams without a match counts for.</summary>
public enum BleuSmoothing
{
    /// <summary>The i-th such order has 1/2^i match.</summary>
    Exponential,

    /// <summary>0.1 match.</summary>
    Floor,

    /// <summary>Nothing: the score is 0.</summary>
    None,
}

/// <summary>BLEU-4 of translations in percent, the same numbers as sacrebleu 2.6: 100 = equal to a reference. Source: Post, A Call for Clarity in Reporting BLEU Scores, 2018.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Precisions">Of 1- to 4-grams, percent.</param>
/// <param name="BrevityPenalty">0 to 1.</param>
/// <param name="Length">Tokens of the candidates.</param>
/// <param name="ReferenceLength">Tokens of the references that are closest in length.</param>
public sealed partial record SacreBleu(double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, int Length, int ReferenceLength)
{
    private const double FloorMatches = 0.1;

    /// <summary>Of a corpus.</summary>
    /// <param name="candidates">One sentence each.</param>
    /// <param name="references">For each candidate one or more right sentences.</param>
    /// <exception cref="ArgumentException">There are none, or not as many lists of references, or an empty one.</exception>
    public static SacreBleu Corpus(IReadOnlyList<string> candidates, IReadOnlyList<IReadOnlyList<string>> references,
        BleuTokens tokens = BleuTokens.International13A, BleuSmoothing smoothing = BleuSmoothing.Exponential, bool lowerCase = false) =>
        Of(candidates, references, tokens, smoothing, lowerCase, effectiveOrder: false);

    /// <summary>Of one sentence: orders that it is too short for are left out.</summary>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    public static SacreBleu Sentence(string candidate, IReadOnlyList<string> references,
        BleuTokens tokens = BleuTokens.International13A, BleuSmoothing smoothing = BleuSmoothing.Exponential, bool lowerCase = false) =>
        Of([candidate], [references], tokens, smoothing, lowerCase, effectiveOrder: true);

    private static SacreBleu Of(IReadOnlyList<string> candidates, IReadOnlyList<IReadOnlyList<string>> references, BleuTokens tokens, BleuSmoothing smoothing, bool lowerCase, bool effectiveOrder)
    {
        Words.Check(candidates, references);
        var (correct, total) = (new int[4], new int[4]);
        var (length, referenceLength) = (0, 0);
        for (var s = 0; s < candidates.Count; s++)
        {
            var candidate = Cut(candidates[s], tokens, lowerCase);
            var own = references[s].Select(r => Cut(r, tokens, lowerCase)).ToArray();
            length += candidate.Length;
            referenceLength += NGrams.ClosestLength(candidate.Length, own);
            for (var n = 1; n <= 4; n++)
            {
                correct[n - 1] += NGrams.Clipped(candidate, own, n);
                total[n - 1] += Math.Max(0, candidate.Length - n + 1);
            }
        }

        var penalty = length >= referenceLength ? 1 : length == 0 ? 0 : Math.Exp(1 - ((double)referenceLength / length));
        var precisions = new double[4];
        if (correct.All(static c => c == 0))
        {
            return new(0, precisions, penalty, length, referenceLength);
        }

        var (order, halves) = (4, 1.0);
        for (var n = 0; n < 4 && total[n] > 0; n++)
        {
            order = effectiveOrder ? n + 1 : 4;
            precisions[n] = 100 / (double)total[n] * (correct[n] > 0 ? correct[n] : smoothing switch
            {
                BleuSmoothing.Exponential => 1 / (halves *= 2),
                BleuSmoothing.Floor => FloorMatches,
                _ => 0,
            });
        }

        var score = precisions.Take(order).Any(static p => p == 0) ? 0 : penalty * Math.Exp(precisions.Take(order).Average(Math.Log));
        return new(score, precisions, penalty, length, referenceLength);
    }

    private static string[] Cut(string text, BleuTokens tokens, bool lowerCase)
    {
        text = (lowerCase ? text.ToLowerInvariant() : text).TrimEnd();
        return tokens switch
        {
            BleuTokens.International13A => Words.Of(Cut13A(text)),
            BleuTokens.Characters => [.. text.EnumerateRunes().Where(static r => !Rune.IsWhiteSpace(r)).Select(static r => r.ToString())],
            _ => Words.Of(text),
        };
    }

    private static string Cut13A(string text)
    {
        text = text.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ')
            .Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal).Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        text = Symbols().Replace($" {text} ", " $1 ");
        text = MarkAfterOther().Replace(text, "$1 $2 ");
        text = MarkBeforeOther().Replace(text, " $1 $2");
        return DashAfterDigit().Replace(text, "$1 $2 ");
    }

    // ASCII symbols but . , - and '.
    [GeneratedRegex(@"([{-~\[-` -&(-+:-@/])", RegexOptions.CultureInvariant)]
    private static partial Regex Symbols();

    [GeneratedRegex("([^0-9])([.,])", RegexOptions.CultureInvariant)]
    private static partial Regex MarkAfterOther();

    [GeneratedRegex("([.,])([^0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex MarkBeforeOther();

    [GeneratedRegex("([0-9])(-)", RegexOptions.CultureInvariant)]
    private static partial Regex DashAfterDigit();
}
