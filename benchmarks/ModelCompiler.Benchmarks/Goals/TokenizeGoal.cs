using System.Text;
using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Texts;
using ModelCompiler.Data;
using ModelCompiler.Examples;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>Text to tokens on one thread: beside Microsoft.ML.Tokenizers, in bytes a second, allocated bytes, and by the length of a word.</summary>
internal static class TokenizeGoal
{
    private const double Times = 3;
    private const double Rate = 25;
    private const double MostGrowth = 4;
    private const double Seconds = 20;
    private const int Calm = 7;
    private const int ShortWord = 10_000, LongWord = 1_000_000;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (SharedFolder.Find("data", "vocab") is not { } vocabularies || EnglishText.Lines() is not { } lines)
        {
            return context.Wants("tokenize") ? [Line.Absent("tokenize", $">= {Times:F0}x", "there is no shared/data/vocab and shared/data/text above this program")] : [];
        }

        return Lines(context, vocabularies, lines);
    }

    private static IEnumerable<Line> Lines(GoalContext context, string folder, string[] lines)
    {
        var (vocabulary, merges) = (Path.Combine(folder, "gpt2-vocab.json"), Path.Combine(folder, "gpt2-merges.txt"));
        var gpt2 = Tokenizers.Gpt2(vocabulary, merges);
        using var peak = new PeakProbe(1);
        if (context.Wants("tokenize/gpt2"))
        {
            yield return Beside(peak, gpt2, lines, PeerTokenizers.Gpt2(vocabulary, merges));
        }

        if (context.Wants("tokenize/rate"))
        {
            var (rate, allocated, details) = RateOf(peak, gpt2, lines);
            yield return new Line("tokenize/rate", $"{rate:F1} MB/s", $">= {Rate:F0} MB/s", rate >= Rate ? Outcome.Met : Outcome.Short, $"GPT-2, {details}");
            yield return new Line("tokenize/allocated", $"{allocated} bytes", "0 bytes", allocated == 0 ? Outcome.Met : Outcome.Short, "by encoding all lines once more into a buffer");
        }

        if (context.Wants("tokenize/length"))
        {
            yield return Growth(peak, gpt2);
        }

        if (context.Wants("tokenize/others"))
        {
            foreach (var (name, tokenizer) in new[] { ("bert", Tokenizers.Bert(Path.Combine(folder, "bert-base-uncased-vocab.txt"))), ("clip", Tokenizers.Clip(Path.Combine(folder, "bpe_simple_vocab_16e6.txt.gz"))) })
            {
                var (rate, _, details) = RateOf(peak, tokenizer, lines);
                yield return new Line($"tokenize/others/{name}", $"{rate:F1} MB/s", "-", Outcome.Met, details);
            }
        }
    }

    private static Line Beside(PeakProbe peak, Tokenizer ours, string[] lines, IReadOnlyList<(string Name, Microsoft.ML.Tokenizers.Tokenizer Tokenizer)> peers)
    {
        var megabytes = Megabytes(lines);
        var ids = new int[16 * lines.Max(static l => l.Length)];
        int[] counts = [0, .. peers.Select(static _ => 0)];
        Func<Sample>[] sides =
        [
            () => Sample.Of(() => counts[0] = Encode(ours, lines, ids)),
            .. peers.Select((peer, i) => (Func<Sample>)(() => Sample.Of(() => counts[i + 1] = lines.Sum(l => peer.Tokenizer.EncodeToIds(l).Count)))),
        ];
        var samples = Measuring.Measure.InTurn(peak, Seconds, Calm, sides);
        var fastest = Enumerable.Range(1, peers.Count).MinBy(i => samples[i].Seconds);
        var ratio = samples[fastest].Seconds / samples[0].Seconds;
        return new Line("tokenize/gpt2", $"{ratio:F1}x", $">= {Times:F0}x", ratio >= Times ? Outcome.Met : Outcome.Short,
            $"{megabytes / samples[0].Seconds:F1} MB/s, Microsoft.ML.Tokenizers " + string.Join(", ", peers.Select((p, i) => $"{p.Name} {megabytes / samples[i + 1].Seconds:F1}"))
            + $" MB/s; {counts[0]} tokens, {string.Join(" and ", counts[1..])} there; {lines.Length} lines, one thread, {samples[0]}");
    }

    private static (double Rate, long Allocated, string Details) RateOf(PeakProbe peak, Tokenizer tokenizer, string[] lines)
    {
        var ids = new int[16 * lines.Max(static l => l.Length)];
        var count = 0;
        var samples = Measuring.Measure.InTurn(peak, Seconds / 2, Calm, () => Sample.Of(() => count = Encode(tokenizer, lines, ids)))[0];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Encode(tokenizer, lines, ids);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return (Megabytes(lines) / samples.Seconds, allocated, $"{count} tokens of {lines.Length} lines, one thread, {samples}");
    }

    // Quadratic merging would take a hundred times as long a letter.
    private static Line Growth(PeakProbe peak, Tokenizer tokenizer)
    {
        var (shortWord, longWord) = (Word(ShortWord), Word(LongWord));
        var ids = new int[LongWord];
        var samples = Measuring.Measure.InTurn(peak, Seconds / 2, Calm, () => Sample.Of(() => tokenizer.TryEncode(shortWord, ids, out _)), () => Sample.Of(() => tokenizer.TryEncode(longWord, ids, out _)));
        var growth = samples[1].Seconds / LongWord / (samples[0].Seconds / ShortWord);
        return new Line("tokenize/length", $"{growth:F1}x", $"<= {MostGrowth:F0}x", growth <= MostGrowth ? Outcome.Met : Outcome.Short,
            $"time a letter of a word of {LongWord} letters over that of {ShortWord}; {LongWord / samples[1].Seconds / 1e6:F1} million letters a second, {samples[1]}");
    }

    private static string Word(int letters) => string.Create(letters, 0, static (word, _) =>
    {
        for (var i = 0; i < word.Length; i++)
        {
            word[i] = (char)('a' + (i * 7919L * i % 26));
        }
    });

    private static int Encode(Tokenizer tokenizer, string[] lines, int[] ids)
    {
        var total = 0;
        foreach (var line in lines)
        {
            tokenizer.TryEncode(line, ids, out var count, addSpecialTokens: false);
            total += count;
        }

        return total;
    }

    private static double Megabytes(string[] lines) => lines.Sum(static l => (double)Encoding.UTF8.GetByteCount(l)) / 1e6;
}
