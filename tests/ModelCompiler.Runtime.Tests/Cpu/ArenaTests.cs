using System.Runtime.CompilerServices;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Cpu;

/// <summary>Memory outside of the collector's heap: zeroed, aligned, and freed once.</summary>
public sealed unsafe class ArenaTests
{
    private const long Bytes = 1 << 26;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(1_000_003)]
    public void Memory_is_zeroed_and_aligned(int bytes)
    {
        for (var i = 0; i < 3; i++)
        {
            using var arena = new Arena(bytes);
            Assert.Equal(bytes, arena.Bytes);
            Assert.Equal(0, (nint)arena.Pointer % 128);
            Assert.Equal(-1, new Span<byte>(arena.Pointer, bytes).IndexOfAnyExcept((byte)0));
            new Span<byte>(arena.Pointer, bytes).Fill(0xFF); // what the next one might get
        }
    }

    [Fact]
    public void It_may_be_disposed_of_twice()
    {
        var arena = new Arena(100);
        arena.Dispose();
        arena.Dispose();
        Assert.True(arena.Pointer is null);
        Assert.Equal(0, arena.Bytes);
    }

    [Fact]
    public void It_is_freed_when_nobody_holds_it() => Guard.Run(static () =>
    {
        var before = Environment.WorkingSet;
        for (var i = 0; i < 20; i++)
        {
            Make();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // Half of what was made must go; the guard ends this if it does not.
        while (Environment.WorkingSet > before + (20 * Bytes / 2))
        {
            Thread.Sleep(10);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Make() => Assert.Equal(Bytes, new Arena(Bytes).Bytes);
    });

    [Fact]
    public void More_than_there_is_names_the_size_and_what_to_do()
    {
        Assert.Contains("use a smaller batch", Assert.Throws<OutOfMemoryException>(static () => new Arena(1L << 60)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Arena(-1));
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
