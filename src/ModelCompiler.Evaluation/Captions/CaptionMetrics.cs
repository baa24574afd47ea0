namespace ModelCompiler.Evaluation;

/// <summary>BLEU-1 to 4, ROUGE-L and CIDEr-D of captions, the same numbers as pycocoevalcap.</summary>
/// <param name="Bleu">BLEU of 1- to 4-grams over the corpus, 0 to 1.</param>
/// <param name="RougeL">Mean over captions, 0 to 1.</param>
/// <param name="CiderD">Mean over captions, 0 to 10. Frequencies are those of the references given: with few pictures it is inflated.</param>
/// <param name="Each">The same of each caption by itself; its Each is empty.</param>
public sealed record CaptionMetrics(IReadOnlyList<double> Bleu, double RougeL, double CiderD, IReadOnlyList<CaptionMetrics> Each)
{
    /// <summary>Of captions as they were written: <see cref="CaptionTokens"/> cuts them.</summary>
    /// <param name="candidates">One for each picture.</param>
    /// <param name="references">For each picture one or more right captions.</param>
    /// <exception cref="ArgumentException">There are none, or not as many lists of references, or an empty one.</exception>
    public static CaptionMetrics Of(IReadOnlyList<string> candidates, IReadOnlyList<IReadOnlyList<string>> references)
    {
        Words.Check(candidates, references);
        return OfTokens([.. candidates.Select(CaptionTokens.Of)], [.. references.Select(static r => r.Select(CaptionTokens.Of).ToArray())]);
    }

    /// <summary>Of captions whose tokens are joined by spaces.</summary>
    /// <inheritdoc cref="Of"/>
    public static CaptionMetrics OfTokens(IReadOnlyList<string> candidates, IReadOnlyList<IReadOnlyList<string>> references)
    {
        Words.Check(candidates, references);
        string[][] all = [.. candidates.Select(Words.Of)];
        string[][][] right = [.. references.Select(static r => r.Select(Words.Of).ToArray())];
        var rouge = all.Zip(right, CaptionRouge.Of).ToArray();
        var cider = CiderMetric.Of(all, right);
        return new(CaptionBleu.Of(all, right), rouge.Average(), cider.Average(),
            [.. all.Select((c, i) => new CaptionMetrics(CaptionBleu.Of([c], [right[i]]), rouge[i], cider[i], []))]);
    }
}
