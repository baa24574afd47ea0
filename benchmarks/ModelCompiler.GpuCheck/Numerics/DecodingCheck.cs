using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Reporting;
using ModelCompiler.Runtime;

namespace ModelCompiler.GpuCheck.Numerics;

/// <summary>Generation with its cache on the device against the CPU's: logits of given tokens, whose rows change places between them, and the scores of a search with beams.</summary>
internal static class DecodingCheck
{
    private const int Rows = 3, First = 4, Tokens = 9;
    private const double Tolerance = 5e-5, ScoreTolerance = 1e-4;

    public static Result Run(GpuDevice device)
    {
        using var expected = new OddGpt(Device.Cpu, 1);
        using var actual = new OddGpt(device, 1);
        var logits = Logits(expected.Core).Zip(Logits(actual.Core), static (e, a) => ZooCheck.Error(e, a, 0)).Aggregate(0.0, Math.Max);
        var scores = Scores(expected).Zip(Scores(actual), static (e, a) => Math.Abs((e - a) / e)).Aggregate(0.0, Math.Max);
        return new Result(
            logits < Tolerance && scores < ScoreTolerance,
            FormattableString.Invariant($"off by {logits:0.0e0} in logits of tokens one by one, {scores:0.0e0} in scores of beams"),
            ("logits_error", logits), ("scores_error", scores));
    }

    private static IEnumerable<float[]> Logits(ModelCore core)
    {
        var vocabulary = core.Description.Decoder!.Vocabulary;
        var decoding = core.BeginDecoding(Rows, Tokens);
        for (var at = 0; at < Tokens; at += at == 0 ? First : 1)
        {
            var count = at == 0 ? First : 1;
            new MadeUpBatch(core.Description, vocabulary, Rows, count, at).Set(core, Pass.Decode);
            var logits = new float[Rows * vocabulary];
            core.Decode(decoding, Rows, count, logits);
            core.RearrangeRows(decoding, [2, 0, 0], since: 0);
            yield return logits;
        }
    }

    // Of beams that are as good as each other one device may take one and the other the next: their scores are alike.
    private static IEnumerable<double> Scores(OddGpt model)
    {
        var prompts = new OddGpt.Tokens(2, 3);
        for (var i = 0; i < prompts.Ids.Length; i++)
        {
            prompts.Ids[i] = 5 * i;
        }

        return model.Generate(prompts, new() { Beams = 3, Results = 3, MaxNewTokens = 6, StopTokens = [2] }).Select(static s => s.Score);
    }
}
