using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Peers;
using ModelCompiler.Benchmarks.Steps;
using ModelCompiler.Models.Presets;
using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Benchmarks.Goals;

/// <summary>GPT-2 124M that writes one row, token by token, in turn with TorchSharp: both with keys and values kept, random weights, 16 to 256 tokens in the cache.</summary>
internal static class GenerateGoal
{
    private const string Name = "generate";
    private const double Seconds = 60;
    private const int Wanted = 9;
    private const int Pause = 200; // as in PeerStepGoal
    private const double Goal = 1.5;

    public static IEnumerable<Line> Measure(GoalContext context)
    {
        if (!context.Wants(Name))
        {
            yield break;
        }

        using var model = new Gpt2(context.Device, seed: 1);
        using var probe = new ReadProbe(context.Threads);
        var writing = new Writing(model);
        var bytes = sizeof(float) * model.ParametersByName.Where(static p => p.Key != "embeddings.position.weight").Sum(static p => (double)p.Value.Count);
        var peer = new StepCase(Name, typeof(Gpt2), Name, 50257, 1024, 768, 12, 12, 1, 0);
        using var spinning = PeerBuild.Path is { } path ? new PeerProcess(path, peer, context.Threads, spins: true) : null;
        using var sleeping = PeerBuild.Path is { } again ? new PeerProcess(again, peer, context.Threads, spins: false) : null;
        Func<Sample>[] sides = [writing.Step, probe.Take, .. spinning is null ? Array.Empty<Func<Sample>>() : [() => spinning.Step().Time, () => sleeping!.Step().Time]];
        var samples = Measuring.Measure.InTurn(context.Peak, Seconds, Wanted, Pause, sides);
        var (ours, reading) = (samples[0].Seconds / Writing.Tokens, samples[1].Seconds / ReadProbe.Bytes);
        var details = $"{1e3 * ours:F1} ms a token, {1 / ours:F1} tokens/s; {bytes / 1e6:F0} MB of weights a token, {Line.Percent(bytes * reading / ours)} of the {1e-9 / reading:F1} GB/s that reading gets; {context.Threads} threads, {samples[0]}";
        if (spinning is null)
        {
            yield return Line.Absent(Name, $">= {Goal}x", $"TorchSharp cannot be restored here; {details}");
            yield break;
        }

        var (spin, sleep) = (samples[2].Seconds / Writing.Tokens, samples[3].Seconds / Writing.Tokens);
        var ratio = Math.Min(spin, sleep) / ours;
        yield return new Line(Name, $"{ratio:F2}x", $">= {Goal}x", ratio >= Goal ? Outcome.Met : Outcome.Short,
            $"{details}; TorchSharp with cache {1e3 * spin:F1} ms with spinning and {1e3 * sleep:F1} with sleeping threads");
    }

    private sealed class Writing(Gpt2 model)
    {
        /// <summary>Tokens of a step; the peer's are as many.</summary>
        public const int Tokens = 8;

        private const int Prompt = 16, Longest = 256;
        private int _written = Longest;
        private TokenSearch? _search;

        public Sample Step()
        {
            if (_written + Tokens > Longest)
            {
                var prompts = new Prompts(1, Prompt, [.. Enumerable.Range(1, Prompt).Select(static i => i * 1000)], [.. Enumerable.Repeat(1, Prompt)]);
                var request = new Request(prompts, new GenerationOptions { MaxNewTokens = Longest - Prompt + 1 }, Gpt2.Tokens.VocabularySize, Gpt2.Tokens.MaxLength, padding: -1);
                _search = new TokenSearch(new CachedTokens(model.Core, request, source: null, copies: 1), request);
                _search.Next();
                _written = Prompt;
            }

            _written += Tokens;
            return Sample.Of(() =>
            {
                for (var i = 0; i < Tokens; i++)
                {
                    _search!.Next();
                }
            });
        }
    }
}
