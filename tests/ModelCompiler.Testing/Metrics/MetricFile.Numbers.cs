using System.Text.Json;
using ModelCompiler.Evaluation;

namespace ModelCompiler.Testing;

/// <content>Metrics of scores and classes.</content>
internal sealed partial class MetricFile
{
    private static void Retrieval(MetricComparison to, JsonElement @case)
    {
        var inputs = @case.GetProperty("inputs");
        var metrics = RetrievalMetrics.OfScores(inputs.Floats("scores"), inputs.Integers("picture_of_caption"));
        Check("picture_to_text", metrics.FirstToSecond);
        Check("text_to_picture", metrics.SecondToFirst);

        void Check(string way, RankMetrics found)
        {
            var expected = @case.GetProperty("expected").GetProperty(way);
            to.AllSame($"{way} ranks", expected.Integers("ranks"), found.Ranks);
            foreach (var k in new[] { 1, 5, 10 })
            {
                to.Near($"{way} recall@{k}", expected.Number($"recall@{k}"), found.Recall(k), Close);
            }

            to.Near($"{way} median_rank", expected.Number("median_rank"), found.MedianRank, Close);
            to.Near($"{way} mean_rank", expected.Number("mean_rank"), found.MeanRank, Close);
            to.Near($"{way} mrr", expected.Number("mrr"), found.MeanReciprocalRank, Close);
        }
    }

    private static void Classification(MetricComparison to, JsonElement @case)
    {
        var (inputs, expected) = (@case.GetProperty("inputs"), @case.GetProperty("expected"));
        var metrics = new ClassificationMetrics(inputs.Floats("logits"), inputs.Integers("labels"));
        foreach (var k in new[] { 1, 3, 5 })
        {
            to.Near($"top{k}", expected.Number($"top{k}"), metrics.Top(k), Close);
        }

        to.Near("top1_first_argmax", expected.Number("top1_first_argmax"), metrics.FirstLargest, Close);
        to.Near("mean_per_class", expected.Number("mean_per_class"), metrics.MeanPerClass, Close);
    }

    private static void SentencePairs(MetricComparison to, JsonElement @case)
    {
        var (inputs, expected) = (@case.GetProperty("inputs"), @case.GetProperty("expected"));
        var metrics = BinaryMetrics.Of(inputs.Integers("predictions"), inputs.Integers("labels"));
        to.Near("accuracy", expected.Number("accuracy"), metrics.Accuracy, Close);
        to.Near("f1", expected.Number("f1"), metrics.F1, Close);
        to.Near("matthews", expected.Number("matthews"), metrics.Matthews, Close);
        var (gold, predicted) = (inputs.Doubles("gold_scores"), inputs.Doubles("predicted_scores"));
        to.Near("pearson", expected.Number("pearson"), Correlation.Pearson(gold, predicted), Close);
        to.Near("spearman", expected.Number("spearman"), Correlation.Spearman(gold, predicted), Close);
    }

    private static void Perplexity(MetricComparison to, JsonElement @case)
    {
        var (inputs, expected) = (@case.GetProperty("inputs"), @case.GetProperty("expected"));
        var metrics = new Perplexity();
        foreach (var (logits, labels) in inputs.GetProperty("logits").EnumerateArray().Zip(inputs.GetProperty("labels").EnumerateArray()))
        {
            metrics.AddShifted<double>(logits.Doubles(), [.. labels.EnumerateArray().Select(static l => l.GetInt32())]);
        }

        to.Same("tokens", expected.GetProperty("tokens").GetInt64(), metrics.Tokens);
        to.Near("nll_sum", expected.Number("nll_sum"), metrics.LossSum, Close);
        to.Near("loss", expected.Number("loss"), metrics.Loss, Close);
        to.Near("perplexity", expected.Number("perplexity"), metrics.Value, Close);
        to.Near("bits_per_token", expected.Number("bits_per_token"), metrics.BitsPerToken, Close);
        to.Near("bits_per_byte", expected.Number("bits_per_byte"), metrics.BitsPerByte(inputs.GetProperty("bytes").GetInt64()), Close);
    }
}
