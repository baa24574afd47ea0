using ModelCompiler.Runtime.Generation;
using ModelCompiler.Testing;
using ModelCompiler.Trainee;

namespace ModelCompiler.Runtime.Tests.Generation;

/// <summary>Emitted models of several towers that say something of a text or a picture.</summary>
public sealed class SourceTests
{
    private static readonly GenerationOptions s_options = new() { StartToken = 1, MaxNewTokens = 6, StopTokens = [2] };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Texts_of_other_lengths_are_told_as_they_are_alone(int beams)
    {
        using var model = Lively(new TraineeTranslator(new CpuDevice(2), seed: 3));
        var options = s_options with { Beams = beams, Results = beams };
        var together = model.Generate(Texts([5, 7, 8, 9], [4, 4, -1, -1], [3, 9, 6, -1]), options);
        int[][] alone = [[5, 7, 8, 9], [4, 4], [3, 9, 6]];
        for (var i = 0; i < alone.Length; i++)
        {
            foreach (var (one, other) in model.Generate(Texts(alone[i]), options).Zip(together.Where(r => r.Prompt == i)))
            {
                Assert.Equal(one.NewIds(1).ToArray(), other.NewIds(1).ToArray());
                Assert.Equal(one.Score, other.Score, 1e-5);
            }
        }

        Assert.True(together.Select(static r => string.Join(' ', r.NewIds(1).ToArray())).Distinct().Count() > 1); // what is read matters
    }

    [Fact]
    public async Task A_picture_is_told_and_streamed()
    {
        using var model = Lively(new TraineeCaptioner(new CpuDevice(2), seed: 4));
        var pictures = new TraineeCaptioner.EncoderPictures(2);
        pictures.Values.AsSpan(0, pictures.Values.Length / 2).Fill(3f);
        var whole = model.Generate(pictures, s_options);
        var tokens = new List<GeneratedToken>();
        await foreach (var token in model.Stream(pictures, s_options, TestContext.Current.CancellationToken))
        {
            tokens.Add(token);
        }

        Assert.All(whole, row => Assert.Equal(row.NewIds(1).ToArray(), tokens.Where(t => t.Row == row.Prompt).Select(static t => t.Id)));
        Assert.NotEqual(whole[0].Ids, whole[1].Ids);
    }

    [Fact]
    public void Prompts_behind_a_start_token_go_on_as_what_was_said_did()
    {
        using var model = Lively(new TraineeTranslator(new CpuDevice(2), seed: 3));
        var (source, options) = (Texts([5, 7, 8], [3, 9, -1]), s_options with { StopTokens = [] });
        var whole = model.Generate(source, options);
        var prompts = new TraineeTranslator.DecoderTokens(2, 3);
        whole.SelectMany(static r => r.Ids[..3]).ToArray().CopyTo(prompts.Ids, 0);
        Assert.Equal(whole.Select(static r => string.Join(' ', r.Ids)), model.Generate(source, prompts, options with { StartToken = null, MaxNewTokens = 4 }).Select(static r => string.Join(' ', r.Ids)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Padding_between_a_picture_and_its_prompt_is_not_seen(int beams)
    {
        using var model = Lively(new TraineeTeller(new CpuDevice(2), seed: 5));
        var pictures = new TraineeTeller.Pictures(2);
        pictures.Values.AsSpan(0, pictures.Values.Length / 2).Fill(3f);
        var prompts = new TraineeTeller.Tokens(2, 6);
        int[] ids = [0, 0, 0, 0, 0, 8, 0, 0, 0, 4, 5, 6];
        ids.CopyTo(prompts.Ids, 0);
        prompts.Mask[3] = prompts.Mask[4] = 0;
        var options = s_options with { StartToken = null, Beams = beams };
        var together = model.Generate(pictures, prompts, options);
        var second = new TraineeTeller.Pictures(1);
        var rest = new TraineeTeller.Tokens(1, 6);
        ids[6..].CopyTo(rest.Ids, 0);
        var first = new TraineeTeller.Pictures(1);
        first.Values.AsSpan().Fill(3f);
        var alone = new TraineeTeller.Tokens(1, 4);
        alone.Ids[3] = 8;
        Assert.Equal(model.Generate(first, alone, options)[0].NewIds(4).ToArray(), together[0].NewIds(6).ToArray());
        Assert.Equal(model.Generate(second, rest, options)[0].NewIds(6).ToArray(), together[1].NewIds(6).ToArray());

        // Without a prompt: what a row begins with is said.
        alone.Ids[3] = 1;
        Assert.Equal(model.Generate(first, alone, options)[0].NewIds(4).ToArray(), model.Generate(first, options with { StartToken = 1 })[0].NewIds(4).ToArray());
    }

    [Fact]
    public void A_row_that_is_longer_than_the_context_sees_its_end_and_all_of_its_source()
    {
        using var model = Lively(new TraineeTranslator(new CpuDevice(2), seed: 3));
        var source = Texts([5, 7, 8]);
        var row = model.Generate(source, s_options with { StopTokens = [], MaxNewTokens = 20, CropContext = true })[0].Ids;
        for (var end = 17; end < row.Length; end++)
        {
            var prompts = new TraineeTranslator.DecoderTokens(1, 16);
            row.AsSpan(end - 16, 16).CopyTo(prompts.Ids);
            Assert.Equal(row[end], model.Generate(source, prompts, new() { MaxNewTokens = 1, CropContext = true })[0].Ids[^1]);
        }
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        using var model = new TraineeTranslator(new CpuDevice(1));
        using var teller = new TraineeTeller(new CpuDevice(1));
        using var speaker = new TraineeSpeaker(new CpuDevice(1));
        var source = Texts([5, 7]);
        Says("StartToken says what rows begin with", () => model.Generate(source));
        Says("StartToken: token 30 is outside of the vocabulary; legal are 0 to 29", () => model.Generate(source, new() { StartToken = 30 }));
        Says("StartToken is for sources without prompts", () => model.Generate(source, new(1, 2), s_options));
        Says("takes one for each", () => model.Generate(source, new(2, 2), new()));
        Says("speaks of what it is given", () => Generator.Run(model.Core, new TraineeTranslator.DecoderTokens(1, 2)));
        Says("is a decoder alone", () => Generator.Run(speaker.Core, new GenerationSource(1, 1, static () => { }), new TraineeSpeaker.Tokens(1, 2)));
        Says("StartToken is for sources without prompts", () => speaker.Generate(new TraineeSpeaker.Tokens(1, 2), s_options));
        Says("which CropContext would cut off", () => teller.Generate(new TraineeTeller.Pictures(1), s_options with { CropContext = true }));
        Says("with 3 such tokens", () => Generator.Run(teller.Core, new GenerationSource(1, 1, static () => { }), new TraineeSpeaker.Tokens(1, 5)));
        var hidden = new TraineeTeller.Tokens(1, 5);
        hidden.Mask[3] = hidden.Mask[4] = 0;
        Says("Prompt 0 is padding alone", () => teller.Generate(new TraineeTeller.Pictures(1), hidden));

        static void Says(string what, Action call) => Assert.Contains(what, Assert.Throws<ArgumentException>(call).Message);
    }

    [Fact]
    public void A_text_of_padding_alone_is_neither_read_nor_said()
    {
        using var model = new TraineeTranslator(new CpuDevice(1));
        var source = Texts([5, 7, 8, 9], [-1, -1, -1, -1]);
        Refused(() => model.Generate(source, s_options));
        Refused(() => model.TrainStep(new TraineeTranslator.Batch(source, new(2, 4))));
        var said = new TraineeTranslator.DecoderTokens(2, 4);
        said.Mask.AsSpan(4).Clear();
        Refused(() => model.TrainStep(new TraineeTranslator.Batch(Texts([5, 7, 8, 9], [4, -1, -1, -1]), said)));
        Assert.Equal(0, model.Core.Steps);

        static void Refused(Action call) => Assert.StartsWith("Mask hides all 4 tokens of row 1", Assert.Throws<ArgumentException>(call).Message);
    }

    [Fact]
    public void Segments_and_positions_of_prompts_are_those_that_are_given()
    {
        using var model = HostedModels.Create(HostedModels.Spec(ModelCases.Text("TransformerDecoder", ("Context", 24), ("Segments", 2), ("InitialDeviation", 0.6)), ModelCases.Attribute("CausalLanguageModel")), seed: 3);
        var options = new GenerationOptions { MaxNewTokens = 5 };
        var plain = Rows(null, null);
        Assert.Equal(Said(plain), Said(Rows([0, 1, 2], [0, 0, 0])));
        Assert.NotEqual(Said(plain), Said(Rows([11, 12, 13], null)));
        Assert.NotEqual(Said(plain), Said(Rows(null, [0, 1, 1])));

        // Tokens behind the prompt count on, and belong to its last segment: one that says all of it gives the same.
        var (positions, segments) = (new[] { 9, 10, 11 }, new[] { 0, 1, 1 });
        var row = Said(Rows(positions, segments));
        for (var end = 3; end < row.Length; end++)
        {
            var prompts = new Prompts(row[..end]) { Positions = [.. Enumerable.Range(9, end)], Segments = [.. Enumerable.Range(0, end).Select(static t => Math.Min(t, 1))] };
            Assert.Equal(row[end], Generator.Run(model.Core, prompts, new() { MaxNewTokens = 1 })[0].Ids[^1]);
        }

        Assert.Contains("go on to 24; the model numbers up to 23", Refuse(Rows([19, 20, 21], null), new() { MaxNewTokens = 4 }));
        Assert.Contains("CropContext numbers tokens from the start", Refuse(Rows([1, 2, 3], null), new() { CropContext = true }));
        Assert.Contains("and they have Segments", Refuse(Rows(null, segments), new() { CropContext = true }));
        Assert.Contains("legal are 0 to 1", Refuse(Rows(null, [0, 1, 2]), options));
        using var bare = HostedModels.Create(HostedModels.Spec(ModelCases.Decoders["unnumbered"]));
        Assert.Contains("numbers no tokens", Assert.Throws<ArgumentException>(() => Generator.Run(bare.Core, Rows([1, 2, 3], null), new() { MaxNewTokens = 1 })).Message);
        Assert.Contains("has no segments", Assert.Throws<ArgumentException>(() => Generator.Run(bare.Core, Rows(null, segments), new() { MaxNewTokens = 1 })).Message);

        int[] Said(Prompts prompts) => Generator.Run(model.Core, prompts, options)[0].Ids;
        string Refuse(Prompts prompts, GenerationOptions o) => Assert.Throws<ArgumentException>(() => Generator.Run(model.Core, prompts, o)).Message;
        static Prompts Rows(int[]? positions, int[]? segments) => new([4, 5, 6]) { Positions = positions, Segments = segments };
    }

    private static TraineeTranslator.EncoderTokens Texts(params int[][] rows)
    {
        var tokens = new TraineeTranslator.EncoderTokens(rows.Length, rows[0].Length);
        for (var i = 0; i < tokens.Ids.Length; i++)
        {
            var id = rows[i / tokens.Length][i % tokens.Length];
            (tokens.Ids[i], tokens.Mask[i]) = (Math.Max(id, 0), id < 0 ? 0 : 1);
        }

        return tokens;
    }

    // Weights as they are at first say much the same of everything.
    private static T Lively<T>(T model)
        where T : IModel
    {
        foreach (var parameter in model.Core.Parameters.Values.Where(static p => p.Shape.Count > 1))
        {
            parameter.Set([.. parameter.ToArray().Select(static w => w * 12)]);
        }

        return model;
    }

    private sealed class Prompts : TokenBatch
    {
        public Prompts(int[] ids)
            : base(1, ids.Length, 11, 24) => ids.CopyTo(Ids, 0);
    }
}
