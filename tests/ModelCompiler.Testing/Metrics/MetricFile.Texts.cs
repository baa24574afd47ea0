using System.Text.Json;
using ModelCompiler.Evaluation;

namespace ModelCompiler.Testing;

/// <content>Metrics of texts.</content>
internal sealed partial class MetricFile
{
    private static readonly (string Name, BleuTokens Tokens, BleuSmoothing Smoothing, bool LowerCase)[] s_bleu =
    [
        ("13a_exp", BleuTokens.International13A, BleuSmoothing.Exponential, false),
        ("13a_exp_lowercase", BleuTokens.International13A, BleuSmoothing.Exponential, true),
        ("none_no_smoothing", BleuTokens.None, BleuSmoothing.None, false),
        ("char_floor", BleuTokens.Characters, BleuSmoothing.Floor, false),
    ];

    // The texts that captions and translations are scored as: before tokens are made of them.
    private JsonElement Raw => _cases["ptb_tokens"].GetProperty("inputs");

    private static void CaptionTokens(MetricComparison to, JsonElement @case)
    {
        foreach (var (i, tokens, input) in to.Pairs("texts", Each(@case, "expected"), Each(@case, "inputs")))
        {
            to.Same($"candidate {i}", tokens.Text("candidate"), Evaluation.CaptionTokens.Of(input.Text("candidate")));
            to.AllSame($"references {i}", tokens.Texts("references"), [.. input.Texts("references").Select(Evaluation.CaptionTokens.Of)]);
        }
    }

    private void Captioning(MetricComparison to, JsonElement @case)
    {
        var (inputs, expected) = (@case.GetProperty("inputs"), @case.GetProperty("expected"));
        var metrics = CaptionMetrics.OfTokens(Candidates(inputs), References(inputs));
        for (var n = 1; n <= 4; n++)
        {
            to.Near($"bleu{n}", expected.Number($"bleu{n}"), metrics.Bleu[n - 1], BleuClose);
        }

        to.Near("rouge_l", expected.Number("rouge_l"), metrics.RougeL, Close);
        to.Near("cider_d", expected.Number("cider_d"), metrics.CiderD, Close);
        foreach (var (i, each, one) in to.Pairs("captions", Each(expected, "each"), metrics.Each))
        {
            to.Near($"bleu4 of {i}", each.Number("bleu4"), one.Bleu[3], BleuClose);
            to.Near($"rouge_l of {i}", each.Number("rouge_l"), one.RougeL, Close);
            to.Near($"cider_d of {i}", each.Number("cider_d"), one.CiderD, Close);
        }

        to.Near("cider_d of texts", metrics.CiderD, CaptionMetrics.Of(Candidates(Raw), References(Raw)).CiderD, Close);
    }

    private void SacreBleu(MetricComparison to, JsonElement @case)
    {
        var expected = @case.GetProperty("expected");
        foreach (var (name, tokens, smoothing, lowerCase) in s_bleu)
        {
            var corpus = expected.GetProperty("corpus").GetProperty(name);
            var bleu = Evaluation.SacreBleu.Corpus(Candidates(Raw), References(Raw), tokens, smoothing, lowerCase);
            to.Near($"{name} score", corpus.Number("score"), bleu.Score, Close);
            to.Near($"{name} bp", corpus.Number("bp"), bleu.BrevityPenalty, Close);
            to.Same($"{name} lengths", (corpus.Number("sys_len"), corpus.Number("ref_len")), (bleu.Length, bleu.ReferenceLength));
            foreach (var (i, precision, own) in to.Pairs("precisions", corpus.Doubles("precisions"), [.. bleu.Precisions]))
            {
                to.Near($"{name} precision {i + 1}", precision, own, Close);
            }
        }

        double[] scores = [.. Candidates(Raw).Zip(References(Raw), static (c, r) => Evaluation.SacreBleu.Sentence(c, r).Score)];
        foreach (var (i, score, own) in to.Pairs("sentences", expected.Doubles("sentence_13a_exp"), scores))
        {
            to.Near($"sentence {i}", score, own, Close);
        }
    }

    private static void Rouge(MetricComparison to, JsonElement @case)
    {
        foreach (var (i, scores, input) in to.Pairs("texts", Each(@case, "expected"), Each(@case, "inputs")))
        {
            var (prediction, reference) = (input.Text("prediction"), input.Text("reference"));
            Check("rouge1", Evaluation.Rouge.N(prediction, reference, 1));
            Check("rouge2", Evaluation.Rouge.N(prediction, reference, 2));
            Check("rougeL", Evaluation.Rouge.L(prediction, reference));

            void Check(string name, Rouge found)
            {
                var expected = scores.GetProperty(name);
                to.Near($"{name} precision of {i}", expected.Number("precision"), found.Precision, Close);
                to.Near($"{name} recall of {i}", expected.Number("recall"), found.Recall, Close);
                to.Near($"{name} f1 of {i}", expected.Number("f1"), found.F1, Close);
            }
        }
    }

    private static void Vqa(MetricComparison to, JsonElement @case)
    {
        var expected = @case.GetProperty("expected");
        var all = Array.ConvertAll(Each(@case, "inputs"), static i => VqaAccuracy.Of(i.Text("prediction"), i.Texts("answers")));
        foreach (var (i, each, own) in to.Pairs("answers", Each(expected, "each"), all))
        {
            to.Same($"answer {i}", (each.Text("normalised"), each.GetProperty("matches").GetInt32()), (own.Normalized, own.Matches));
            to.Near($"simple of {i}", each.Number("simple"), own.Simple, Close);
            to.Near($"ten_choose_nine of {i}", each.Number("ten_choose_nine"), own.Official, Close);
        }

        to.Near("simple", expected.Number("simple"), all.Average(static a => a.Simple), Close);
        to.Near("ten_choose_nine", expected.Number("ten_choose_nine"), all.Average(static a => a.Official), Close);
        foreach (var contraction in @case.GetProperty("contractions").EnumerateObject())
        {
            to.Same(contraction.Name, contraction.Value.GetString(), VqaAccuracy.Of(contraction.Name, ["yes", "no"]).Normalized);
        }
    }

    private static void ExactMatch(MetricComparison to, JsonElement @case)
    {
        var expected = @case.GetProperty("expected");
        var all = Array.ConvertAll(Each(@case, "inputs"), static i => (Text: i.Text("prediction"), Match: Evaluation.ExactMatch.Of(i.Text("prediction"), i.Texts("answers"))));
        foreach (var (i, each, own) in to.Pairs("answers", Each(expected, "each"), all))
        {
            to.Same($"answer {i}", (each.Text("normalised"), each.Number("exact")), (Evaluation.ExactMatch.Normalize(own.Text), own.Match.Exact));
            to.Near($"f1 of {i}", each.Number("f1"), own.Match.F1, Close);
        }

        to.Near("exact", expected.Number("exact"), all.Average(static a => a.Match.Exact), Close);
        to.Near("f1", expected.Number("f1"), all.Average(static a => a.Match.F1), Close);
    }

    private static JsonElement[] Each(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray()];

    private static string[] Candidates(JsonElement inputs) => [.. inputs.EnumerateArray().Select(static i => i.Text("candidate"))];

    private static IReadOnlyList<string>[] References(JsonElement inputs) => [.. inputs.EnumerateArray().Select(static i => i.Texts("references"))];
}
