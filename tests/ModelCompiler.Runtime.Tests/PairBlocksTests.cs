using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Runtime.Tests;

/// <summary>Losses of pairs by blocks against all similarities at once in double: sizes around tiles and blocks of columns, and the same bits at any number of threads.</summary>
public sealed class PairBlocksTests
{
    private static readonly (int Pairs, int Width)[]
        s_sizes = [(1, 1), (2, 5), (13, 33), (96, 16), (97, 7), (512, 32), (513, 40), (1100, 24)],
        s_few = [(1, 1), (2, 5), (97, 7), (530, 12)];

    public static TheoryData<PairLossKind, int, int, InstructionSet> Cases => new(
        from kind in Enum.GetValues<PairLossKind>()
        from size in kind == PairLossKind.BothWays ? s_sizes : s_few
        from set in Enum.GetValues<InstructionSet>()
        select (kind, size.Pairs, size.Width, set));

    [Theory, MemberData(nameof(Cases))]
    public void Agrees_with_all_similarities_at_once(PairLossKind kind, int pairs, int width, InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        var numbers = new PairNumbers(kind, pairs, width);
        var (expected, actual) = (PairReference.Of(numbers), PairBlocksRun.Of(numbers, set, threads: 2));
        for (var i = 0; i < expected.Length; i++)
        {
            var scale = Math.Max(1e-2, expected[i].Max(Math.Abs));
            Assert.All(expected[i].Zip(actual[i]), pair => Assert.Equal(pair.First, pair.Second, 3e-6 * scale));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Bits_do_not_depend_on_threads(PairLossKind kind, int pairs, int width, InstructionSet set)
    {
        Assert.SkipUnless(Instructions.IsSupported(set), $"{set} is not supported here");
        var numbers = new PairNumbers(kind, pairs, width);
        var one = PairBlocksRun.Of(numbers, set, threads: 1);
        foreach (var threads in new[] { 2, 3, 8 })
        {
            Assert.Equal(one, PairBlocksRun.Of(numbers, set, threads));
        }
    }

    // Sums over both ways would round differently if the sides' own similarities were not the same bits.
    [Fact]
    public void Turned_sides_give_the_same_loss_and_gradients()
    {
        var numbers = new PairNumbers(PairLossKind.BothWays, 700, 20);
        var (there, back) = (PairBlocksRun.Of(numbers, Instructions.Best, 2, adds: false), PairBlocksRun.Of(numbers.Turned, Instructions.Best, 2, adds: false));
        Assert.Equal(there[1], back[2]);
        Assert.Equal(there[2], back[1]);
        Assert.Equal(there[0][0], back[0][0], 1e-6 * Math.Abs(there[0][0]));
    }

    // What a thread and all of them hold does not grow with the pairs, nor with a queue.
    [Fact]
    public void Scratch_memory_does_not_grow_with_pairs()
    {
        Assert.Equal(PairBlocks.SharedScratchBytes(1, 0, 64, 32), PairBlocks.SharedScratchBytes(1 << 20, 1 << 20, 64, 32));
        Assert.InRange(PairBlocks.SharedScratchBytes(1 << 20, 1 << 20, 64, 64) + PairBlocks.WorkerScratchBytes(64, 64), 1, 2 << 20);
    }
}
