using ModelCompiler.Evaluation;

namespace ModelCompiler.Data.Tests.Evaluation;

/// <summary>What the golden cases do not hold: features instead of scores, and inputs that are no good.</summary>
public sealed class MetricsTests
{
    [Fact]
    public void Ranks_from_features_are_those_from_all_their_scores()
    {
        const int Pictures = 150, Captions = 400, Width = 24;
        var random = new Random(3);
        // Few different numbers, so that scores tie.
        var (first, second) = (Numbers(Pictures * Width), Numbers(Captions * Width));
        int[] owner = [.. Enumerable.Range(0, Captions).Select(j => j < Pictures ? j : random.Next(Pictures))];
        var scores = new float[Pictures * Captions];
        for (var i = 0; i < Pictures; i++)
        {
            for (var j = 0; j < Captions; j++)
            {
                for (var c = 0; c < Width; c++)
                {
                    scores[(i * Captions) + j] += first[(i * Width) + c] * second[(j * Width) + c];
                }
            }
        }

        var (expected, metrics) = (RetrievalMetrics.OfScores(scores, owner), RetrievalMetrics.OfFeatures(first, second, Width, owner));
        Assert.Equal(expected.FirstToSecond.Ranks, metrics.FirstToSecond.Ranks);
        Assert.Equal(expected.SecondToFirst.Ranks, metrics.SecondToFirst.Ranks);
        Assert.True(expected.SecondToFirst.Ranks.Distinct().Count() > 50);

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-2, 3))];
    }

    [Fact]
    public void What_is_no_number_correlates_with_nothing()
    {
        Assert.Equal(double.NaN, Correlation.Spearman([1, double.NaN, 3], [1, 2, 3]));
        Assert.Equal(double.NaN, Correlation.Pearson([1, 1, 1], [1, 2, 3]));
    }

    [Fact]
    public void Of_an_even_number_of_ranks_the_median_is_between_two() => Assert.Equal(3.5, new RankMetrics([9, 1, 4, 0, 3, 2]).MedianRank);

    [Fact]
    public void What_is_no_good_is_named()
    {
        Says("no rows of 3, 2 in the second", () => RetrievalMetrics.OfFeatures(new float[4], new float[6], 3, [0, 1]));
        Says("Member 1 belongs to 2; there are 2", () => RetrievalMetrics.OfScores(new float[4], [0, 2]));
        Says("Nothing in the second set belongs to 1", () => RetrievalMetrics.OfScores(new float[4], [0, 0]));
        Says("A score is not a number", () => RetrievalMetrics.OfScores(new[] { 0f, 0f, 0f, float.NaN }, [0, 1]));
        Says("A score is not a number", () => RetrievalMetrics.OfScores(new[] { 0f, float.NaN, 0f, 0f }, [0, 1]));
        Says("Sample 1 has a score that is not a number", () => new ClassificationMetrics(new[] { 0f, 1f, float.NaN, 0f }, [0, 1]));
        Says("There are no ranks", () => new RankMetrics([]));
        Says("Label 1 is 3; there are 2 classes", () => new ClassificationMetrics(new float[4], [0, 3]));
        Says("Sample 1 is 2 and predicted 0", () => BinaryMetrics.Of([0, 0], [1, 2]));
        Says("1 numbers beside 1", () => Correlation.Pearson([1], [1]));
        Says("The vocabulary has 4 tokens", () => new Perplexity().Add<float>(new float[4], 4));
        Says("Candidate 1 has no reference", () => CaptionMetrics.Of(["a", "b"], [["a"], []]));
        Says("2 candidates for 1 lists", () => SacreBleu.Corpus(["a", "b"], [["a"]]));
        Says("no right answers", () => ExactMatch.Of("a", []));
        Says("Nobody answered", () => VqaAccuracy.Of("a", []));

        static void Says(string text, Action act) => Assert.Contains(text, Assert.ThrowsAny<ArgumentException>(act).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_caption_without_words_scores_nothing()
    {
        var metrics = CaptionMetrics.Of(["", "a dog"], [["a cat"], ["a dog"]]);
        Assert.Equal(0, metrics.Each[0].RougeL);
        Assert.Equal(0, metrics.Each[0].CiderD);
        Assert.Equal(1, metrics.Each[1].RougeL, 1e-9);
        Assert.Equal(0, SacreBleu.Sentence("", ["a cat"]).Score);
        Assert.Equal(100, SacreBleu.Sentence("a cat sat here today", ["a cat sat here today"]).Score, 1e-9);
    }

    [Theory]
    [InlineData("He said \"we can't\" at 10:45.", "he said we ca n't at 10:45")]
    [InlineData("Mr. Smith's U.S. dogs, 1,000 of them!", "mr. smith 's u.s. dogs 1,000 of them")]
    [InlineData("They cannot... wait -- (ever)", "they can not wait -lrb- ever -rrb-")]
    public void Captions_are_cut_as_the_Penn_Treebank_is(string caption, string tokens) => Assert.Equal(tokens, CaptionTokens.Of(caption));
}
