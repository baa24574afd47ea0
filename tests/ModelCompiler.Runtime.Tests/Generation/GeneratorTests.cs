using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime.Generation;
using ModelCompiler.Runtime.Training;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Generation;

/// <summary>Emitted decoders that continue prompts.</summary>
public sealed class GeneratorTests
{
    private static readonly ModelSpec s_llama = HostedModels.Spec(ModelCases.All["llama"]), s_wide = HostedModels.Spec(
        ModelCases.Text("TransformerDecoder", ("Context", 24), ("InitialDeviation", 0.6)), ModelCases.Attribute("CausalLanguageModel"));

    public static TheoryData<string, GenerationOptions, string> Refused => new()
    {
        { "MaxNewTokens", new() { MaxNewTokens = 0 }, "legal are 1 and more" },
        { "too long", new() { MaxNewTokens = 22 }, "Prompts of 3 tokens with 22 behind them are 25; the model sees 24: ask for 21 at most" },
        { "MaxLength", new() { MaxLength = 3 }, "nothing is left to generate" },
        { "stop", new() { StopTokens = [11] }, "StopTokens: token 11 is outside of the vocabulary; legal are 0 to 10" },
        { "negative stop", new() { StopTokens = [-1] }, "StopTokens: token -1" },
        { "padding", new() { PaddingToken = 99 }, "PaddingToken: token 99" },
        { "forced", new() { ForcedLastToken = 99 }, "ForcedLastToken: token 99" },
        { "bad", new() { BadTokens = [[1, 99]] }, "BadTokens: token 99" },
        { "empty", new() { BadTokens = [[]] }, "sequence without tokens" },
        { "beams", new() { Beams = 0 }, "legal are 1 and more" },
        { "drawn beams", new() { Beams = 2, Results = 3, Sample = true }, "there are 2 beams" },
        { "results", new() { Results = 2 }, "there are no beams" },
        { "temperature", new() { Temperature = 0 }, "above 0" },
        { "top p", new() { TopP = 1.5 }, "TopP is 1.5" },
        { "top k", new() { TopK = -1 }, "TopK is -1" },
        { "penalty", new() { RepetitionPenalty = double.NaN }, "RepetitionPenalty is NaN" },
        { "length", new() { LengthPenalty = double.PositiveInfinity }, "must be finite" },
        { "ngram", new() { NoRepeatNgram = -1 }, "NoRepeatNgram is -1" },
        { "least", new() { MinNewTokens = -1 }, "MinNewTokens is -1" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_cannot_be_is_refused_with_what_is_legal(string what, GenerationOptions options, string said)
    {
        using var model = HostedModels.Create(s_wide);
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => Generator.Run(model.Core, Rows(model, [1, 2, 3]), options)).Message);
        Assert.NotEmpty(what);
    }

    [Fact]
    public void What_nobody_says_is_as_long_as_fits()
    {
        using var model = HostedModels.Create(s_wide);
        Assert.Equal(20, Generated(1, new()));
        Assert.Equal(4, Generated(20, new()));
        Assert.Equal(4, Generated(20, new() { Beams = 2 }));
        Assert.Equal(20, Generated(20, new() { CropContext = true }));
        Assert.Contains("the model sees 24: shorten them, or set CropContext", Assert.Throws<ArgumentException>(() => Generated(24, new())).Message);
        Assert.Contains("ask for 4 at most", Assert.Throws<ArgumentException>(() => Generated(20, new() { MaxNewTokens = 20 })).Message);
        Assert.Contains("ask for 4 at most", Assert.Throws<ArgumentException>(() => Generated(20, new() { MaxLength = 25 })).Message);

        int Generated(int prompt, GenerationOptions options) => Generator.Run(model.Core, Rows(model, new int[prompt]), options)[0].Generated;
    }

    [Fact]
    public void Bad_prompts_are_refused()
    {
        using var model = HostedModels.Create(s_wide);
        Assert.Contains("Mask hides all 2 tokens of row 1", Refuse([1, 2], [-1, -1]));
        Assert.Contains("pad on the left", Refuse([1, -1], [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows(model, new int[25]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows(model));
        using var blind = HostedModels.Create(HostedModels.Spec(ModelCases.Decoders["sinusoidal"]));
        Assert.Contains("AttendPadding", Assert.Throws<ArgumentException>(() => Generator.Run(blind.Core, Rows(blind, [1, 2], [-1, 2]))).Message);
        using var classifier = HostedModels.Create(HostedModels.Spec(ModelCases.All["gpt-last"]));
        Assert.Contains("[CausalLanguageModel]", Assert.Throws<InvalidOperationException>(() => Generator.Run(classifier.Core, new Prompts(1, 1, 11, 6))).Message);

        string Refuse(params int[][] rows) => Assert.Throws<ArgumentException>(() => Generator.Run(model.Core, Rows(model, rows))).Message;
    }

    [Fact]
    public void Logits_that_are_no_numbers_are_named()
    {
        using var model = HostedModels.Create(s_wide);
        var weights = model.Core.Parameters["embeddings.token.weight"];
        weights.Set([.. weights.ToArray().Select(static (w, i) => i < 8 ? float.NaN : w)]);
        Assert.Contains("behind prompt 0", Assert.Throws<NotFiniteException>(() => Generator.Run(model.Core, Rows(model, [0]))).Message);
    }

    [Fact]
    public void Too_much_that_is_forbidden_is_said()
    {
        using var model = HostedModels.Create(s_wide);
        Assert.Contains("leave no token", Assert.Throws<InvalidOperationException>(() => Generator.Run(model.Core, Rows(model, [0]), new() { BadTokens = [.. Enumerable.Range(0, 11).Select(static t => new[] { t })] })).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Rows_padded_on_the_left_go_on_as_they_do_alone(int beams)
    {
        foreach (var spec in new[] { s_wide, s_llama })
        {
            using var model = HostedModels.Create(spec, seed: 3);
            var options = new GenerationOptions { MaxNewTokens = 3, Beams = beams, StopTokens = [2] };
            var together = Generator.Run(model.Core, Rows(model, [-1, -1, 5], [1, 4, 3], [-1, 7, 7]), options);
            int[][] alone = [[5], [1, 4, 3], [7, 7]];
            for (var i = 0; i < alone.Length; i++)
            {
                var one = Generator.Run(model.Core, Rows(model, alone[i]), options)[0];
                Assert.Equal(one.NewIds(alone[i].Length).ToArray(), together[i].NewIds(3).ToArray());
                Assert.Equal(one.Score, together[i].Score, 1e-5);
            }
        }
    }

    [Fact]
    public void What_is_drawn_depends_on_seed_row_and_step_alone()
    {
        using var model = HostedModels.Create(s_wide, seed: 3);
        var options = new GenerationOptions { Sample = true, MaxNewTokens = 12, Results = 4, Seed = 7, Temperature = 1.3, TopK = 8, TopP = 0.95 };
        var first = Texts(options);
        Assert.Equal(first, Texts(options));
        Assert.NotEqual(first, Texts(options with { Seed = 8 }));
        Assert.Equal(4, first.Distinct().Count());
        Assert.Equal(first[..2], Texts(options with { Results = 2 }));

        string[] Texts(GenerationOptions o) => [.. Generator.Run(model.Core, Rows(model, [1, 2]), o).Select(static r => string.Join(' ', r.Ids))];
    }

    [Fact]
    public void Tokens_are_drawn_as_often_as_they_are_probable()
    {
        double[] scores = [Math.Log(0.5), double.NegativeInfinity, Math.Log(0.3), Math.Log(0.2)];
        var counts = new int[4];
        for (var i = 0; i < 20_000; i++)
        {
            counts[TokenDraw.Draw(scores, seed: 5, row: i % 10, step: i / 10)]++;
        }

        Assert.Equal(0, counts[1]);
        Assert.Equal([0.5, 0.0, 0.3, 0.2], counts.Select(static c => Math.Round(c / 20_000.0, 1)));
    }

    [Fact]
    public async Task Streamed_tokens_are_those_of_the_whole_answer()
    {
        using var model = HostedModels.Create(s_wide, seed: 3);
        var options = new GenerationOptions { MaxNewTokens = 9, StopTokens = [2, 5], Sample = true };
        var prompts = Rows(model, [1, 2], [-1, 3]);
        var tokens = new List<GeneratedToken>();
        await foreach (var token in Generator.Stream(model.Core, prompts, options, TestContext.Current.CancellationToken))
        {
            tokens.Add(token);
        }

        foreach (var (row, whole) in Generator.Run(model.Core, prompts, options).Select(static (r, i) => (i, r)))
        {
            var streamed = tokens.Where(t => t.Row == row).ToArray();
            Assert.Equal(whole.NewIds(2).ToArray(), streamed.Select(static t => t.Id));
            Assert.Equal(streamed.Select((_, i) => i == streamed.Length - 1), streamed.Select(static t => t.IsLast));
            Assert.Equal(whole.Score, streamed.Average(static t => t.LogProbability), 1e-9);
        }

        Assert.Throws<ArgumentException>(() => Generator.Stream(model.Core, prompts, new() { Beams = 2 }));
    }

    [Fact]
    public async Task Streaming_ends_between_two_tokens()
    {
        using var model = HostedModels.Create(s_wide);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Generator.Stream(model.Core, Rows(model, [1]), cancel: stop.Token))
            {
                await stop.CancelAsync();
            }
        });
        Assert.NotEmpty(Generator.Run(model.Core, Rows(model, [1])));
    }

    [Fact]
    public async Task What_was_begun_before_another_call_does_not_go_on_with_its_keys()
    {
        using var model = HostedModels.Create(s_wide);
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var _ in Generator.Stream(model.Core, Rows(model, [1])))
            {
                Generator.Run(model.Core, Rows(model, [2], [3]), new() { MaxNewTokens = 2 });
            }
        });
        Assert.Contains("end a Generate or Stream before the next", problem.Message);
    }

    [Fact]
    public void Beams_that_may_not_go_on_are_said()
    {
        using var model = HostedModels.Create(s_wide);
        var all = Enumerable.Range(0, model.Core.Description.Decoder!.Vocabulary).Select(static i => new[] { i }).ToArray();
        var problem = Assert.Throws<InvalidOperationException>(() => Generator.Run(model.Core, Rows(model, [1]), new() { Beams = 2, BadTokens = all }));
        Assert.Contains("no token for any beam of prompt 0", problem.Message);
    }

    [Fact]
    public void A_row_that_is_longer_than_the_context_sees_its_end()
    {
        using var model = HostedModels.Create(s_llama, seed: 3);
        var rows = Generator.Run(model.Core, Rows(model, [1, 2, 3, 4]), new() { MaxNewTokens = 8, CropContext = true })[0].Ids;
        for (var end = 7; end < rows.Length; end++)
        {
            Assert.Equal(rows[end], Generator.Run(model.Core, Rows(model, rows[(end - 6)..end]), new() { MaxNewTokens = 1, CropContext = true })[0].Ids[^1]);
        }
    }

    private static Prompts Rows(IModel model, params int[][] rows)
    {
        var prompts = new Prompts(rows.Length, rows.FirstOrDefault()?.Length ?? 1, model.Core.Description.Decoder!.Vocabulary, model.Core.Description.MaxLength);
        for (var i = 0; i < prompts.Ids.Length; i++)
        {
            var id = rows[i / prompts.Length][i % prompts.Length];
            (prompts.Ids[i], prompts.Mask[i]) = (Math.Max(id, 0), id < 0 ? 0 : 1);
        }

        return prompts;
    }

    private sealed class Prompts(int count, int length, int vocabulary, int most) : TokenBatch(count, length, vocabulary, most);
}
