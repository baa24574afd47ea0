using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Runtime.Tests.Generation;

/// <summary>Beam search on models that are functions, against all rows that there are.</summary>
public sealed class BeamSearchTests
{
    private const int Stop = 4, Vocabulary = 5;

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.0)]
    [InlineData(2.0)]
    [InlineData(-1.0)]
    public void Beams_enough_for_every_row_find_the_best_of_all(double penalty)
    {
        var all = Rows([0]).Where(static r => r.Row[^1] == Stop || r.Row.Length == 4).OrderByDescending(r => r.Sum / Math.Pow(r.Row.Length - 1, penalty)).ToArray();
        var found = Search(new() { Beams = 125, Results = 3, MaxNewTokens = 3, LengthPenalty = penalty, StopTokens = [Stop], EarlyStopping = EarlyStopping.Never });
        for (var i = 0; i < found.Count; i++)
        {
            Assert.Equal(all[i].Row, found[i].Ids[..(1 + found[i].Generated)]);
            Assert.Equal(all[i].Sum / Math.Pow(all[i].Row.Length - 1, penalty), found[i].Score, 1e-9);
        }
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 21)]
    public void More_beams_than_there_are_rows_give_each_once(int tokens, int rows)
    {
        var all = Rows([0]).Where(r => r.Row.Length <= 1 + tokens && (r.Row[^1] == Stop || r.Row.Length == 1 + tokens)).OrderByDescending(static r => r.Sum / (r.Row.Length - 1)).ToArray();
        var found = Search(new() { Beams = 40, Results = 40, MaxNewTokens = tokens, StopTokens = [Stop] }, 0, 3);
        Assert.Equal(rows, all.Length);
        Assert.Equal(all.Select(static r => string.Join(' ', r.Row)), found.Where(static r => r.Prompt == 0).Select(static r => string.Join(' ', r.Ids[..(1 + r.Generated)])));
        Assert.Equal(2 * rows, found.DistinctBy(static r => string.Join(' ', r.Ids)).Count());
        Assert.All(found, static r => Assert.InRange(r.Score, -100, 0));
    }

    [Fact]
    public void A_forced_token_leaves_one_row() =>
        Assert.Equal([0, 3], Assert.Single(Search(new() { Beams = 4, Results = 4, MaxNewTokens = 1, ForcedFirstToken = 3 })).Ids);

    [Fact]
    public void One_stops_at_once_and_another_looks_on()
    {
        var options = new GenerationOptions { Beams = 2, MaxNewTokens = 8, LengthPenalty = 3, StopTokens = [Stop], PaddingToken = 0 };
        var atOnce = Search(options with { EarlyStopping = EarlyStopping.On }, OftenStops)[0];
        var never = Search(options with { EarlyStopping = EarlyStopping.Never }, OftenStops)[0];
        Assert.Equal((2, 8), (atOnce.Generated, never.Generated));
        Assert.True(atOnce.Score < never.Score);

        static float[] OftenStops(int[] row) => [0.1f, 0, 0, 0, 0.3f];
    }

    [Fact]
    public void Prompts_do_not_see_each_other()
    {
        var options = new GenerationOptions { Beams = 3, MaxNewTokens = 5, StopTokens = [Stop] };
        var together = Search(options, 0, 2, 3);
        Assert.Equal(new[] { 0, 2, 3 }.Select(prompt => Search(options, prompt)[0].Score), together.Select(static r => r.Score));
        Assert.Equal([0, 1, 2], together.Select(static r => r.Prompt));
    }

    // Four of eight are drawn, one of which has half of all probability: it is missing where each draw passes it by.
    [Fact]
    public void Continuations_are_drawn_by_their_probabilities_none_twice()
    {
        const int Draws = 4000;
        var missing = 0;
        for (var seed = 0; seed < Draws; seed++)
        {
            var options = new GenerationOptions { Beams = 2, Results = 2, Sample = true, Seed = (ulong)seed, MaxNewTokens = 1 };
            var request = new Request(new Prompts(1, 1, [0], [1]), options, 8, context: 99, padding: -1);
            var found = new BeamSearch(new ScriptedTokens(request, 2, static _ => [.. Enumerable.Range(0, 8).Select(static t => (float)Math.Log(t == 5 ? 0.5 : 0.5 / 7))]), request).Run();
            Assert.NotEqual(found[0].Ids[1], found[1].Ids[1]);
            missing += found.Any(static r => r.Ids[1] == 5) ? 0 : 1;
        }

        Assert.InRange(missing / (double)Draws, 0.026, 0.045); // 1/2 x 6/13 x 5/12 x 4/11 = 0.035
    }

    [Fact]
    public void Drawn_beams_depend_on_the_seed_and_see_what_may_be_drawn()
    {
        var options = new GenerationOptions { Beams = 3, Results = 3, Sample = true, MaxNewTokens = 6, Temperature = 1.5, Seed = 7 };
        Assert.Equal(Texts(options), Texts(options));
        Assert.NotEqual(Texts(options), Texts(options with { Seed = 8 }));
        Assert.Equal(Texts(options with { Beams = 1, Results = 1, Sample = false })[0], Texts(options with { TopK = 1 })[0]);

        static string[] Texts(GenerationOptions o) => [.. Search(o).Select(static r => string.Join(' ', r.Ids))];
    }

    private static IReadOnlyList<GeneratedSequence> Search(GenerationOptions options, params int[] prompts) => Search(options, Next, prompts);

    private static IReadOnlyList<GeneratedSequence> Search(GenerationOptions options, Func<int[], float[]> next, params int[] prompts)
    {
        prompts = prompts.Length == 0 ? [0] : prompts;
        var request = new Request(new Prompts(prompts.Length, 1, prompts, [.. prompts.Select(static _ => 1)]), options, Vocabulary, context: 99, padding: -1);
        return new BeamSearch(new ScriptedTokens(request, options.Beams, next), request).Run();
    }

    // Scores that hang on the last two tokens and the length.
    private static float[] Next(int[] row) => [.. Enumerable.Range(0, Vocabulary).Select(t => (float)Math.Sin((row[^1] * 7) + (row[Math.Max(0, row.Length - 2)] * 3) + (t * 5) + row.Length) - (t == Stop ? 0.5f : 0f))];

    private static IEnumerable<(int[] Row, double Sum)> Rows(int[] row, double sum = 0)
    {
        if (row.Length > 1)
        {
            yield return (row, sum);
        }

        if (row.Length == 4 || (row.Length > 1 && row[^1] == Stop))
        {
            yield break;
        }

        var scores = Array.ConvertAll(Next(row), static v => (double)v);
        LogSoftmax.Apply(scores);
        for (var token = 0; token < Vocabulary; token++)
        {
            foreach (var longer in Rows([.. row, token], sum + scores[token]))
            {
                yield return longer;
            }
        }
    }
}
