using ModelCompiler.Testing;

namespace ModelCompiler.Data.Tests.Evaluation;

/// <summary>Each metric against its reference implementation.</summary>
public sealed class GoldenMetricsTests
{
    private static readonly MetricFile s_file = new(Path.Combine(Folders.Root, "tests", "Golden", "metrics", "cases.json"));

    public static TheoryData<string, int> Cases => new()
    {
        { "retrieval_several_captions", 2 * 7 }, { "retrieval_one_caption", 2 * 7 }, { "classification", 5 }, { "sentence_pairs", 5 }, { "perplexity", 6 }, { "ptb_tokens", 2 * 14 },
        { "captioning", 7 + (3 * 14) }, { "sacrebleu", (4 * 7) + 14 }, { "rouge", 5 * 9 }, { "vqa", 2 }, { "exact_match", 2 },
    };

    [Fact]
    public void No_case_is_left_out() => Assert.Equal(Cases.Select(static c => c.Data.Item1), s_file.Names);

    /// <param name="least">Numbers that are compared, or more.</param>
    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_the_reference(string name, int least)
    {
        var found = s_file.Compare(name);
        Assert.Empty(found.Wrong);
        Assert.InRange(found.Compared, least, int.MaxValue);
    }

    [Fact]
    public void What_differs_is_named()
    {
        var comparison = new MetricComparison();
        comparison.Near("recall", 0.5, 0.5 + 2e-9, 1e-9);
        comparison.Near("mrr", 0.5, double.NaN, 1e-9);
        comparison.AllSame("ranks", [1, 2], [1, 3]);
        Assert.Empty(comparison.Pairs("texts", new[] { "a" }, Array.Empty<string>()));
        Assert.Equal(["recall is 0.500000002, not 0.5", "mrr is NaN, not 0.5", "ranks is 1, 3, not 1, 2", "the number of texts is 0, not 1"], comparison.Wrong);
    }
}
