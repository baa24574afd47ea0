using ModelCompiler.Runtime.Training;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Training;

/// <summary>Batches come in order, are not touched while they are in use, and what goes wrong is the trainer's to see.</summary>
public sealed class PrefetcherTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Batches_come_in_order_and_are_filled_again_when_they_are_handed_back(int held) => Guard.Run(() =>
    {
        var made = 0;
        var data = Batches.Of<long[]>((number, reuse) =>
        {
            made += reuse is null ? 1 : 0;
            var batch = reuse ?? new long[1000];
            Array.Fill(batch, number);
            return batch;
        });
        using var prefetcher = new Prefetcher<long[]>(data, 7, 7 + (200 * held), held);
        for (var step = 0; step < 200; step++)
        {
            var batches = Enumerable.Range(0, held).Select(_ => prefetcher.Take()).ToArray();
            Thread.Sleep(step % 20 == 0 ? 5 : 0);
            Assert.Equal(Enumerable.Range(7 + (step * held), held).Select(static n => (long)n), batches.Select(static b => b[0]));
            Assert.All(batches, static b => Assert.Equal(-1, b.AsSpan().IndexOfAnyExcept(b[0])));
            prefetcher.Release(held);
        }

        Assert.InRange(made, held, (2 * held) + 1);
    });

    [Fact]
    public void A_failure_is_thrown_as_it_was_when_its_turn_comes()
    {
        var failure = new FormatException("bad file");
        var (steps, seen) = (0L, (Exception?)null);
        using var model = Trainee.Trainee.Create();
        var data = Trainee.Trainee.Data(1);
        try
        {
            model.Fit(Batches.Of<Trainee.Trainee.Batch>((n, reuse) => n == 9 ? throw failure : data.Get(n, reuse)), Fits.Options(null) with { Stepped = r => steps = r.Step });
        }
        catch (FormatException e)
        {
            seen = e;
        }

        Assert.Same(failure, seen);
        Assert.Contains(nameof(A_failure_is_thrown_as_it_was_when_its_turn_comes), seen!.StackTrace); // from where it was thrown first
        Assert.Equal(4, steps); // of batches 0 to 7
    }

    [Fact]
    public void A_failure_stays()
    {
        using var prefetcher = new Prefetcher<string>(Batches.Of<string>(static (n, _) => n == 1 ? throw new FormatException() : $"{n}"), 0, 10, 1);
        Assert.Equal("0", prefetcher.Take());
        Guard.Run(() =>
        {
            Assert.Throws<FormatException>(prefetcher.Take);
            Assert.Throws<FormatException>(prefetcher.Take);
        });
    }

    [Fact]
    public void Null_is_refused()
    {
        using var model = Trainee.Trainee.Create();
        Assert.Equal("Batch 0 is null.", Assert.Throws<InvalidOperationException>(() => model.Fit(Batches.Of<Trainee.Trainee.Batch>(static (_, _) => null!), Fits.Options(null))).Message);
    }

    [Fact]
    public void It_ends_while_it_waits_for_room() => Guard.Run(static () =>
    {
        using var isFull = new CountdownEvent(3);
        using (new Prefetcher<string>(Batches.Of<string>((n, _) =>
        {
            isFull.Signal();
            return $"{n}";
        }), 0, 100, 1))
        {
            isFull.Wait();
            Thread.Sleep(20);
        }
    });

    [Fact]
    public void It_ends_when_the_batch_that_it_waits_for_is_there() => Guard.Run(static () =>
    {
        using var isOpen = new ManualResetEventSlim();
        using var isAsked = new ManualResetEventSlim();
        var asked = 0;
        var prefetcher = new Prefetcher<string>(Batches.Of<string>((n, _) =>
        {
            asked++;
            isAsked.Set();
            isOpen.Wait();
            return $"{n}";
        }), 0, 100, 1);
        isAsked.Wait();
        var end = Task.Run(prefetcher.Dispose);
        Assert.False(end.Wait(50));
        isOpen.Set();
        end.Wait();
        Assert.InRange(asked, 1, 3);
    });

    [Fact]
    public void No_batch_is_asked_for_that_no_step_needs()
    {
        var numbers = new List<long>();
        using var model = Trainee.Trainee.Create();
        var data = Trainee.Trainee.Data(1);
        model.Fit(Batches.Of<Trainee.Trainee.Batch>((n, reuse) =>
        {
            numbers.Add(n);
            return data.Get(n, reuse);
        }), Fits.Options(null, 4));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], numbers);
    }
}
