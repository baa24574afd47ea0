using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ModelCompiler.Runtime.Cpu;
using ModelCompiler.Testing;

namespace ModelCompiler.Runtime.Tests.Cpu;

/// <summary>Every chunk of every job once, whatever the threads are doing.</summary>
public sealed unsafe class ThreadTeamTests
{
    private static readonly ConcurrentBag<Thread> s_met = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Every_chunk_is_run_once(int threads) => Guard.Run(() =>
    {
        using var team = new ThreadTeam(threads);
        foreach (var chunks in new[] { 0, 1, 2, 3, 7, 8, 9, 100, 10_000 })
        {
            Assert.Equal(Enumerable.Repeat(1, chunks), Counts(team, chunks));
        }
    });

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Many_short_jobs_follow_each_other(int threads) => Guard.Run(() =>
    {
        // More jobs than 16 bits count; each with its own state, so that a chunk run with another job's would show.
        using var team = new ThreadTeam(threads);
        var sums = stackalloc long[2];
        for (var i = 0; i < 100_000; i++)
        {
            sums[0] = i;
            sums[1] = 0;
            team.Run(2 + (i & 3), &AddFirst, sums);
            Assert.Equal((2L + (i & 3)) * i, sums[1]);
        }
    });

    [Fact]
    public void The_caller_is_worker_0_and_workers_are_below_the_number_of_threads() => Guard.Run(static () =>
    {
        using var team = new ThreadTeam(3);
        var workers = stackalloc int[1000];
        team.Run(1000, &NoteWorker, workers);
        Assert.All(new Span<int>(workers, 1000).ToArray(), static w => Assert.InRange(w, 1, 3)); // plus 1
        team.Run(1, &NoteWorker, workers);
        Assert.Equal(1, workers[0]);
    });

    [Fact]
    public void Two_teams_work_at_once() => Guard.Run(static () =>
    {
        Task.WaitAll([.. Enumerable.Range(0, 2).Select(static _ => Task.Run(static () =>
        {
            using var team = new ThreadTeam(3);
            for (var i = 0; i < 200; i++)
            {
                Assert.Equal(Enumerable.Repeat(1, 50), Counts(team, 50));
            }
        }))]);
    });

    [Fact]
    public void Threads_that_sleep_are_woken() => Guard.Run(static () =>
    {
        using var team = new ThreadTeam(3);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Enumerable.Repeat(1, 20), Counts(team, 20));
            Thread.Sleep(3); // longer than a thread waits awake
        }
    });

    [Fact]
    public void A_job_needs_every_thread_and_gets_it() => Guard.Run(static () =>
    {
        // Each chunk waits for all others: with a thread that never comes the test would not end.
        using var team = new ThreadTeam(4);
        for (var i = 0; i < 20; i++)
        {
            var arrived = 0;
            team.Run(4, &Meet, &arrived);
            Assert.Equal(4, arrived);
            Thread.Sleep(i % 3);
        }
    });

    [Fact]
    public void A_machine_that_is_busy_stops_nothing() => Guard.Run(static () =>
    {
        var isDone = false;
        var busy = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                Thread.SpinWait(1000);
            }
        })).ToArray();
        Array.ForEach(busy, static t => t.Start());
        try
        {
            using var team = new ThreadTeam(4);
            for (var i = 0; i < 100; i++)
            {
                Assert.Equal(Enumerable.Repeat(1, 30), Counts(team, 30));
            }
        }
        finally
        {
            Volatile.Write(ref isDone, true);
            Array.ForEach(busy, static t => t.Join());
        }
    });

    [Fact]
    public void Nothing_is_allocated_for_a_job() => Guard.Run(static () =>
    {
        using var team = new ThreadTeam(2);
        var sums = stackalloc long[2];
        team.Run(10, &AddFirst, sums);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            team.Run(10, &AddFirst, sums);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_team_ends_at_once_whatever_it_was_doing(int threads) => Guard.Run(() =>
    {
        new ThreadTeam(threads).Dispose(); // never used
        var idle = new ThreadTeam(threads);
        Counts(idle, 100);
        idle.Dispose(); // its threads still look for work
        var asleep = new ThreadTeam(threads);
        Counts(asleep, 100);
        Thread.Sleep(20);
        asleep.Dispose();
        asleep.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Counts(asleep, 100));
    });

    [Fact]
    public void A_team_that_nobody_holds_any_more_ends_its_threads() => Guard.Run(static () =>
    {
        Forget();
        Assert.Equal(9, s_met.Count);
        while (s_met.Count(static t => t.IsAlive) > 1)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10); // the guard ends this if the threads do not
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget()
        {
            var arrived = 0;
            new ThreadTeam(9).Run(9, &MeetAndNote, &arrived);
        }
    });

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => new ThreadTeam(0));
        using var team = new ThreadTeam(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => team.Run((1 << 24), &Meet, null));
        GC.Collect();
        GC.WaitForPendingFinalizers(); // the team that was refused has nothing to end
    }

    private static int[] Counts(ThreadTeam team, int chunks)
    {
        var counts = new int[chunks];
        fixed (int* state = counts)
        {
            team.Run(chunks, &Count, state);
        }

        return counts;
    }

    private static void Count(void* state, int chunk, int worker) => Interlocked.Increment(ref ((int*)state)[chunk]);

    private static void NoteWorker(void* state, int chunk, int worker) => ((int*)state)[chunk] = worker + 1;

    private static void AddFirst(void* state, int chunk, int worker) => Interlocked.Add(ref ((long*)state)[1], *(long*)state);

    private static void Meet(void* state, int chunk, int worker) => Meet((int*)state, 4);

    private static void MeetAndNote(void* state, int chunk, int worker)
    {
        s_met.Add(Thread.CurrentThread);
        Meet((int*)state, 9);
    }

    private static void Meet(int* arrived, int all)
    {
        Interlocked.Increment(ref *arrived);
        while (Volatile.Read(ref *arrived) < all)
        {
            Thread.Yield();
        }
    }
}
