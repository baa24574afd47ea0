using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Runtime.Training;

namespace ModelCompiler.Runtime.Tests.Models;

/// <summary>What batches and devices refuse, and how they name it.</summary>
public sealed class BatchTests
{
    [Fact]
    public void Rows_have_a_length()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Tokens(0, 3));
        Assert.Contains("A row has 1 to 6 tokens, the Context of the model.", Assert.Throws<ArgumentOutOfRangeException>(static () => new Tokens(1, 7)).Message);
        Assert.Contains("A row has 1 to 6 tokens, the Context of the model.", Assert.Throws<ArgumentOutOfRangeException>(static () => new Tokens(1, 0)).Message);
        Assert.Contains("A batch has 1 row or more, each of 1 to 6 tokens, the Context of the model.", Assert.Throws<ArgumentOutOfRangeException>(static () => new Tokens(0, 3)).Message);
        Assert.Throws<OverflowException>(static () => new Tokens(int.MaxValue, 6));
        var tokens = new Tokens(2, 3);
        Assert.Equal(new int[6], tokens.Ids);
        Assert.Equal([1, 1, 1, 1, 1, 1], tokens.Mask);
        tokens.Check();
    }

    [Theory]
    [InlineData(11)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Ids_and_masks_are_in_range(int value)
    {
        var tokens = new Tokens(2, 3);
        tokens.Ids[4] = value;
        Assert.Equal($"Ids[1, 1] is {value}; legal are 0 to 10.", Assert.Throws<ArgumentException>(tokens.Check).Message);
        tokens = new Tokens(2, 3);
        tokens.Mask[2] = value;
        Assert.Equal($"Mask[0, 2] is {value}; legal are 0 to 1.", Assert.Throws<ArgumentException>(tokens.Check).Message);
    }

    [Fact]
    public void A_row_of_padding_alone_is_refused()
    {
        var tokens = new Tokens(2, 3);
        Fill(tokens.Mask, 0, 0, 1, 0, 0, 0);
        Assert.Equal("Mask hides all 3 tokens of row 1: a row has one or more; leave empty rows out of the batch.", Assert.Throws<ArgumentException>(tokens.Check).Message);
    }

    [Fact]
    public void Positions_are_counted_where_they_are_not_set()
    {
        var tokens = new Tokens(2, 3);
        Assert.Equal([0, 1, 2, 0, 1, 2], tokens.PositionsOrDefault(0, 6, byMask: true));
        Fill(tokens.Ids, 1, 1, 5, 5, 1, 5);
        Assert.Equal([1, 1, 2, 2, 1, 3], tokens.PositionsOrDefault(2, 8, byMask: false, 1)); // RoBERTa's: padding has row 1
        Fill(tokens.Mask, 0, 1, 1, 1, 1, 0);
        Assert.Equal([1, 2, 3, 2, 3, 1], tokens.PositionsOrDefault(2, 8, byMask: true)); // OPT's
        tokens.Positions = [5, 4, 3, 2, 1, 0];
        Assert.Equal(tokens.Positions, tokens.PositionsOrDefault(0, 6, byMask: true));
        tokens.Positions[3] = 6;
        Assert.Equal("Positions[1, 0] is 6; legal are 0 to 5.", Assert.Throws<ArgumentException>(() => tokens.PositionsOrDefault(0, 6, byMask: true)).Message);
        tokens.Positions = [0];
        Assert.Equal("Positions has 1 values; 2 rows of 3 tokens take 6.", Assert.Throws<ArgumentException>(() => tokens.PositionsOrDefault(0, 6, byMask: true)).Message);
    }

    [Fact]
    public void A_text_that_is_said_begins_with_another_token_and_each_says_the_next()
    {
        var tokens = new Tokens(2, 3);
        Fill(tokens.Ids, 1, 4, 5, 1, 6, 0);
        Fill(tokens.Mask, 1, 1, 1, 1, 1, 0);
        tokens.CheckFirst();
        Assert.Equal([9, 4, 5, 9, 6, 0], tokens.IdsFrom(9));
        Assert.Equal([4, 5, -1, 6, -1, -1], tokens.NextTokens());
        Assert.Equal([1, 4, 5, 1, 6, 0], tokens.Ids);
        tokens.Mask[3] = 0;
        Assert.StartsWith("Mask hides the first token of row 1, which stands for the whole text", Assert.Throws<ArgumentException>(tokens.CheckFirst).Message);
    }

    [Fact]
    public void Pairs_that_are_matched_need_others()
    {
        MatchNumbers.RequireOthers([4, 4, 5]);
        Assert.StartsWith("A batch of one pair has no picture", Assert.Throws<ArgumentException>(static () => MatchNumbers.RequireOthers([3])).Message);
        Assert.StartsWith("A batch whose pairs all have one number has no picture", Assert.Throws<ArgumentException>(static () => MatchNumbers.RequireOthers([3, 3])).Message);
    }

    [Fact]
    public void Segments_are_zero_where_they_are_not_set()
    {
        var tokens = new Tokens(2, 3);
        Assert.Equal(new int[6], tokens.CheckedSegments(2));
        tokens.Segments = [0, 1, 2, 0, 0, 0];
        Assert.Equal("Segments[0, 2] is 2; legal are 0 to 1.", Assert.Throws<ArgumentException>(() => tokens.CheckedSegments(2)).Message);
        tokens.Segments = new int[7];
        Assert.Equal("Segments has 7 values; 2 rows of 3 tokens take 6.", Assert.Throws<ArgumentException>(() => tokens.CheckedSegments(2)).Message);
    }

    [Fact]
    public void Padding_is_neither_last_nor_counted()
    {
        var tokens = new Tokens(3, 3);
        Fill(tokens.Ids, 5, 5, 0, 5, 5, 5, 0, 0, 0);
        Fill(tokens.Mask, 1, 1, 1, 1, 0, 0, 0, 0, 0);
        Assert.Equal([1, 0, 0], tokens.LastTokens(0));
        Assert.Equal([2, 0, 0], tokens.LastTokens(-1));
        Assert.Equal([3f, 1f, 1f], tokens.Counts());
        Assert.Equal([1f, 1f, 1f, 1f, 0f, 0f, 0f, 0f, 0f], tokens.Weights());
    }

    [Fact]
    public void The_end_of_a_text_is_found_by_its_id()
    {
        var tokens = new Tokens(3, 3);
        Fill(tokens.Ids, 1, 4, 4, 2, 3, 1, 5, 0, 5);
        Assert.Equal([1, 0, 0], tokens.FirstTokens(4));
        Assert.Equal([1, 1, 0], tokens.HighestTokens());
    }

    [Fact]
    public void Pictures_are_views_of_one_array()
    {
        var pictures = new Pictures(3);
        pictures[1].Fill(2);
        Assert.Equal(48, pictures.PictureFloats);
        Assert.Equal([.. new float[48], .. Enumerable.Repeat(2f, 48), .. new float[48]], pictures.Values);
        Assert.Contains("Picture 3 of a batch of 3; legal is 0 to 2.", Assert.Throws<ArgumentOutOfRangeException>(() => pictures[3].Clear()).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => pictures[-1].Clear());
        Assert.Throws<ArgumentOutOfRangeException>(() => pictures[int.MaxValue].Clear());
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Pictures(0));
        Assert.Throws<OverflowException>(static () => new Pictures(int.MaxValue));
    }

    [Theory]
    [InlineData(new[] { 0.5f, 0.5f, 0, 0 }, "The probabilities of sample 1 add up to 0; legal is 1.")]
    [InlineData(new[] { 0.5f, 0.6f, 1, 0 }, "The probabilities of sample 0 add up to 1.1; legal is 1.")]
    [InlineData(new[] { 1, 0, 1.5f, -0.5f }, "probabilities[3] is -0.5; legal are 0 to 1.")]
    [InlineData(new[] { 1, 0, float.NaN, 0 }, "probabilities[2] is NaN; legal are 0 to 1.")]
    [InlineData(new[] { 1, 0, 0, float.PositiveInfinity }, "The probabilities of sample 1 add up to Infinity; legal is 1.")]
    public void Distributions_add_up_to_one(float[] targets, string message)
    {
        TargetCounts.CheckDistributions([0.25f, 0.75f, 1, 0, 0.3333f, 0.6666f], 2, "probabilities");
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => TargetCounts.CheckDistributions(targets, 2, "probabilities")).Message);
    }

    [Fact]
    public void Targets_are_in_range_or_do_not_count()
    {
        TargetCounts.Check([0, 2, -1, int.MinValue], 3, "labels");
        Assert.Equal(2, TargetCounts.Valid([0, 2, -1, int.MinValue]));
        Assert.Equal("labels[1] is 3; legal are 0 to 2, or a negative number for a target that does not count.", Assert.Throws<ArgumentException>(static () => TargetCounts.Check([0, 3], 3, "labels")).Message);
        var sum = new TargetCounts(1, 6, 2, 3, 4, 5, 7, 8) + new TargetCounts(10, 60, 20, 30, 40, 50, 70, 80);
        Assert.Equal((11, 66, 22, 33, 44, 55, 77, 88), (sum.Labels, sum.TeacherLabels, sum.Targets, sum.NextSentence, sum.HiddenTarget, sum.PooledTarget, sum.Pairs, sum.Probabilities));
    }

    [Fact]
    public void Devices_have_threads_and_a_width()
    {
        Assert.Equal(Environment.ProcessorCount, new CpuDevice().Threads);
        Assert.Equal(3, new CpuDevice(3).Threads);
        Assert.Equal(Instructions.Best, new CpuDevice().Set);
        Assert.Contains("1 or more, or 0 for one for each core", Assert.Throws<ArgumentOutOfRangeException>(static () => new CpuDevice(-1)).Message);
        foreach (var set in Enum.GetValues<InstructionSet>())
        {
            Assert.Equal(Instructions.IsSupported(set), Record.Exception(() => new CpuDevice(1, set)) is not PlatformNotSupportedException);
        }

        Assert.Contains("99 is not supported by this processor", Assert.Throws<PlatformNotSupportedException>(static () => new CpuDevice(1, (InstructionSet)99)).Message);
        Assert.Equal($"CPU, 3 threads, {Instructions.Best}", new CpuDevice(3).ToString());
    }

    private static void Fill(int[] to, params int[] values) => values.CopyTo(to, 0);

    private sealed class Tokens(int count, int length) : TokenBatch(count, length, vocabulary: 11, maxLength: 6);

    private sealed class Pictures(int count) : PictureBatch(count, 3, 4, 4);
}
