using System.Text.Json;
using ModelCompiler.Evaluation;

namespace ModelCompiler.Data.Tests.Evaluation;

/// <summary>Each metric against its reference implementation.</summary>
public sealed class GoldenMetricsTests
{
    private const double Near = 1e-9, BleuNear = 1e-6;

    [Fact]
    public void No_case_is_left_out() => Assert.Equal(
        ["retrieval_several_captions", "retrieval_one_caption", "classification", "sentence_pairs", "perplexity", "ptb_tokens", "captioning", "sacrebleu", "rouge", "vqa", "exact_match"], GoldenMetrics.Names);

    [Theory]
    [InlineData("retrieval_several_captions")]
    [InlineData("retrieval_one_caption")]
    public void Retrieval(string name)
    {
        var (inputs, expected) = GoldenMetrics.Case(name);
        var metrics = RetrievalMetrics.OfScores(Array.ConvertAll(inputs.Doubles("scores"), static s => (float)s), inputs.Integers("picture_of_caption"));
        Check(expected.GetProperty("picture_to_text"), metrics.FirstToSecond);
        Check(expected.GetProperty("text_to_picture"), metrics.SecondToFirst);

        static void Check(JsonElement expected, RankMetrics metrics)
        {
            Assert.Equal(expected.Integers("ranks"), metrics.Ranks);
            foreach (var k in new[] { 1, 5, 10 })
            {
                Assert.Equal(expected.Number($"recall@{k}"), metrics.Recall(k), Near);
            }

            Assert.Equal(expected.Number("median_rank"), metrics.MedianRank, Near);
            Assert.Equal(expected.Number("mean_rank"), metrics.MeanRank, Near);
            Assert.Equal(expected.Number("mrr"), metrics.MeanReciprocalRank, Near);
        }
    }

    [Fact]
    public void Classification()
    {
        var (inputs, expected) = GoldenMetrics.Case("classification");
        var metrics = new ClassificationMetrics(Array.ConvertAll(inputs.Doubles("logits"), static s => (float)s), inputs.Integers("labels"));
        foreach (var k in new[] { 1, 3, 5 })
        {
            Assert.Equal(expected.Number($"top{k}"), metrics.Top(k), Near);
        }

        Assert.Equal(expected.Number("top1_first_argmax"), metrics.FirstLargest, Near);
        Assert.Equal(expected.Number("mean_per_class"), metrics.MeanPerClass, Near);
    }

    [Fact]
    public void Sentence_pairs()
    {
        var (inputs, expected) = GoldenMetrics.Case("sentence_pairs");
        var metrics = BinaryMetrics.Of(inputs.Integers("predictions"), inputs.Integers("labels"));
        Assert.Equal(expected.Number("accuracy"), metrics.Accuracy, Near);
        Assert.Equal(expected.Number("f1"), metrics.F1, Near);
        Assert.Equal(expected.Number("matthews"), metrics.Matthews, Near);
        var (gold, predicted) = (inputs.Doubles("gold_scores"), inputs.Doubles("predicted_scores"));
        Assert.Equal(expected.Number("pearson"), Correlation.Pearson(gold, predicted), Near);
        Assert.Equal(expected.Number("spearman"), Correlation.Spearman(gold, predicted), Near);
    }

    [Fact]
    public void Perplexity_of_tokens_and_bytes()
    {
        var (inputs, expected) = GoldenMetrics.Case("perplexity");
        var metrics = new Perplexity();
        foreach (var (logits, labels) in inputs.GetProperty("logits").EnumerateArray().Zip(inputs.GetProperty("labels").EnumerateArray()))
        {
            metrics.AddShifted<double>(logits.Doubles(), [.. labels.EnumerateArray().Select(static l => l.GetInt32())]);
        }

        Assert.Equal(expected.Number("tokens"), metrics.Tokens);
        Assert.Equal(expected.Number("nll_sum"), metrics.LossSum, Near);
        Assert.Equal(expected.Number("loss"), metrics.Loss, Near);
        Assert.Equal(expected.Number("perplexity"), metrics.Value, Near);
        Assert.Equal(expected.Number("bits_per_token"), metrics.BitsPerToken, Near);
        Assert.Equal(expected.Number("bits_per_byte"), metrics.BitsPerByte(inputs.GetProperty("bytes").GetInt64()), Near);
    }

    [Fact]
    public void Caption_tokens()
    {
        var (inputs, expected) = GoldenMetrics.Case("ptb_tokens");
        foreach (var (input, tokens) in inputs.EnumerateArray().Zip(expected.EnumerateArray()))
        {
            Assert.Equal(tokens.Text("candidate"), CaptionTokens.Of(input.Text("candidate")));
            Assert.Equal(tokens.Texts("references"), input.Texts("references").Select(CaptionTokens.Of));
        }
    }

    [Fact]
    public void Captions()
    {
        var (inputs, expected) = GoldenMetrics.Case("captioning");
        var metrics = CaptionMetrics.OfTokens(Candidates(inputs), References(inputs));
        for (var n = 1; n <= 4; n++)
        {
            Assert.Equal(expected.Number($"bleu{n}"), metrics.Bleu[n - 1], BleuNear);
        }

        Assert.Equal(expected.Number("rouge_l"), metrics.RougeL, Near);
        Assert.Equal(expected.Number("cider_d"), metrics.CiderD, Near);
        foreach (var (each, one) in expected.GetProperty("each").EnumerateArray().Zip(metrics.Each))
        {
            Assert.Equal(each.Number("bleu4"), one.Bleu[3], BleuNear);
            Assert.Equal(each.Number("rouge_l"), one.RougeL, Near);
            Assert.Equal(each.Number("cider_d"), one.CiderD, Near);
        }

        var (raw, _) = GoldenMetrics.Case("ptb_tokens");
        Assert.Equal(metrics.CiderD, CaptionMetrics.Of(Candidates(raw), References(raw)).CiderD, Near);
    }

    [Theory]
    [InlineData("13a_exp", BleuTokens.International13A, BleuSmoothing.Exponential, false)]
    [InlineData("13a_exp_lowercase", BleuTokens.International13A, BleuSmoothing.Exponential, true)]
    [InlineData("none_no_smoothing", BleuTokens.None, BleuSmoothing.None, false)]
    [InlineData("char_floor", BleuTokens.Characters, BleuSmoothing.Floor, false)]
    public void Bleu_of_translations(string name, BleuTokens tokens, BleuSmoothing smoothing, bool lowerCase)
    {
        var (inputs, _) = GoldenMetrics.Case("ptb_tokens");
        var expected = GoldenMetrics.Case("sacrebleu").Expected.GetProperty("corpus").GetProperty(name);
        var bleu = SacreBleu.Corpus(Candidates(inputs), References(inputs), tokens, smoothing, lowerCase);
        Assert.Equal(expected.Number("score"), bleu.Score, Near);
        Assert.Equal(expected.Number("bp"), bleu.BrevityPenalty, Near);
        Assert.Equal((expected.Number("sys_len"), expected.Number("ref_len")), (bleu.Length, bleu.ReferenceLength));
        foreach (var (precision, own) in expected.Doubles("precisions").Zip(bleu.Precisions))
        {
            Assert.Equal(precision, own, Near);
        }
    }

    [Fact]
    public void Bleu_of_sentences()
    {
        var (inputs, _) = GoldenMetrics.Case("ptb_tokens");
        var expected = GoldenMetrics.Case("sacrebleu").Expected.Doubles("sentence_13a_exp");
        var scores = Candidates(inputs).Zip(References(inputs), static (c, r) => SacreBleu.Sentence(c, r).Score).ToArray();
        Assert.Equal(expected.Length, scores.Length);
        Assert.All(expected.Zip(scores), static p => Assert.Equal(p.First, p.Second, Near));
    }

    [Fact]
    public void Rouge_of_summaries()
    {
        var (inputs, expected) = GoldenMetrics.Case("rouge");
        foreach (var (input, scores) in inputs.EnumerateArray().Zip(expected.EnumerateArray()))
        {
            var (prediction, reference) = (input.Text("prediction"), input.Text("reference"));
            Check(scores.GetProperty("rouge1"), Rouge.N(prediction, reference, 1));
            Check(scores.GetProperty("rouge2"), Rouge.N(prediction, reference, 2));
            Check(scores.GetProperty("rougeL"), Rouge.L(prediction, reference));
        }

        static void Check(JsonElement expected, Rouge rouge)
        {
            Assert.Equal(expected.Number("precision"), rouge.Precision, Near);
            Assert.Equal(expected.Number("recall"), rouge.Recall, Near);
            Assert.Equal(expected.Number("f1"), rouge.F1, Near);
        }
    }

    [Fact]
    public void Answers_about_pictures()
    {
        var (inputs, expected) = GoldenMetrics.Case("vqa");
        var all = inputs.EnumerateArray().Select(static i => VqaAccuracy.Of(i.Text("prediction"), i.Texts("answers"))).ToArray();
        foreach (var (each, own) in expected.GetProperty("each").EnumerateArray().Zip(all))
        {
            Assert.Equal((each.Text("normalised"), each.GetProperty("matches").GetInt32()), (own.Normalized, own.Matches));
            Assert.Equal(each.Number("simple"), own.Simple, Near);
            Assert.Equal(each.Number("ten_choose_nine"), own.Official, Near);
        }

        Assert.Equal(expected.Number("simple"), all.Average(static a => a.Simple), Near);
        Assert.Equal(expected.Number("ten_choose_nine"), all.Average(static a => a.Official), Near);
        foreach (var contraction in GoldenMetrics.Whole("vqa").GetProperty("contractions").EnumerateObject())
        {
            Assert.Equal(contraction.Value.GetString(), VqaAccuracy.Of(contraction.Name, ["yes", "no"]).Normalized);
        }
    }

    [Fact]
    public void Answers_to_questions()
    {
        var (inputs, expected) = GoldenMetrics.Case("exact_match");
        var all = inputs.EnumerateArray().Select(static i => ExactMatch.Of(i.Text("prediction"), i.Texts("answers"))).ToArray();
        foreach (var ((input, each), own) in inputs.EnumerateArray().Zip(expected.GetProperty("each").EnumerateArray()).Zip(all))
        {
            Assert.Equal(each.Text("normalised"), ExactMatch.Normalize(input.Text("prediction")));
            Assert.Equal((each.Number("exact"), each.Number("f1")), (own.Exact, Math.Round(own.F1, 15)), static (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < Near);
        }

        Assert.Equal(expected.Number("exact"), all.Average(static a => a.Exact), Near);
        Assert.Equal(expected.Number("f1"), all.Average(static a => a.F1), Near);
    }

    private static string[] Candidates(JsonElement inputs) => [.. inputs.EnumerateArray().Select(static i => i.Text("candidate"))];

    private static IReadOnlyList<string>[] References(JsonElement inputs) => [.. inputs.EnumerateArray().Select(static i => i.Texts("references"))];
}
