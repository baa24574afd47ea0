using ModelCompiler.Runtime.Generation;

namespace ModelCompiler.Runtime.Tests.Generation;

/// <summary>What filters leave of the scores of a row, by hand.</summary>
public sealed class FilterTests
{
    private const double No = double.NegativeInfinity;

    [Fact]
    public void A_token_of_the_row_is_made_less_likely_once_whatever_its_sign() =>
        Assert.Equal([1.0, 1.5, -4.0, 2.0], Constrained(new() { RepetitionPenalty = 2 }, [1, 2, 1], 1.0, 3.0, -2.0, 2.0));

    [Fact]
    public void No_pair_comes_twice() => Assert.Equal([0.0, No, No, 0.0], Constrained(new() { NoRepeatNgram = 2 }, [3, 1, 3, 2, 3], 0, 0, 0, 0));

    [Fact]
    public void No_token_comes_twice_where_one_is_a_sequence() => Assert.Equal([0.0, No, 0.0, No], Constrained(new() { NoRepeatNgram = 1 }, [3, 1, 3], 0, 0, 0, 0));

    [Fact]
    public void Bad_sequences_are_cut_before_their_last_token() =>
        Assert.Equal([No, 0.0, No, 0.0], Constrained(new() { BadTokens = [[0], [3, 1, 2], [1, 1, 3]] }, [0, 3, 1], 0, 0, 0, 0));

    [Fact]
    public void Nothing_stops_before_the_least_length()
    {
        var options = new GenerationOptions { StopTokens = [0, 2], MinNewTokens = 2 };
        Assert.Equal([No, 0.0, No, 0.0], Constrained(options, [3, 1, 3], 0, 0, 0, 0));
        Assert.Equal([0.0, 0.0, 0.0, 0.0], Constrained(options, [3, 1, 3, 3], 0, 0, 0, 0));
        Assert.Equal([No, 0.0, No, 0.0], Constrained(options with { MinNewTokens = 0, MinLength = 5 }, [3, 1, 3, 3], 0, 0, 0, 0));
    }

    [Fact]
    public void Forced_tokens_are_all_that_is_left_at_their_place()
    {
        var options = new GenerationOptions { ForcedFirstToken = 1, ForcedLastToken = 2 };
        Assert.Equal([No, 0.0, No, No], Constrained(options, [3, 3], 5, 5, 5, 5));
        Assert.Equal([5.0, 5.0, 5.0, 5.0], Constrained(options, [3, 3, 1], 5, 5, 5, 5));
        Assert.Equal([No, No, 0.0, No], Constrained(options, [3, 3, 1, 1, 1], 5, 5, 5, 5));
    }

    [Fact]
    public void The_most_probable_stay_and_what_equals_the_last_of_them()
    {
        Assert.Equal([3.0, No, 2.0, 2.0], Narrowed(new() { TopK = 2 }, 3, 1, 2, 2));
        Assert.Equal([3.0, 1, 2, 2], Narrowed(new() { TopK = 9 }, 3, 1, 2, 2));
    }

    [Fact]
    public void The_fewest_that_reach_a_probability_stay_and_at_least_one()
    {
        double[] scores = [Math.Log(0.5), Math.Log(0.15), Math.Log(0.05), Math.Log(0.3)];
        Assert.Equal([scores[0], No, No, scores[3]], Narrowed(new() { TopP = 0.75 }, scores));
        Assert.Equal([scores[0], No, No, No], Narrowed(new() { TopP = 0.01 }, scores));
        Assert.Equal([scores[0], scores[1], No, scores[3]], Narrowed(new() { TopP = 0.75, Temperature = 2 }, scores).Select(static s => 2 * s));
    }

    private static double[] Constrained(GenerationOptions options, int[] row, params double[] scores)
    {
        new ScoreFilters(options, scores.Length, prompt: 2, length: 6).Constrain(scores, row);
        return scores;
    }

    private static double[] Narrowed(GenerationOptions options, params double[] scores)
    {
        scores = [.. scores];
        new ScoreFilters(options with { Sample = true }, scores.Length, prompt: 2, length: 6).Narrow(scores);
        return scores;
    }
}
