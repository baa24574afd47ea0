using System.Diagnostics;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Threads that run the chunks of one job after the other. The caller takes chunks too and waits for chunks that are done, not for
/// threads that arrived: a thread the system has not woken holds nothing. Nothing is allocated for a job.
/// </summary>
public sealed unsafe class ThreadTeam : IDisposable
{
    private readonly Crew _crew;
    private readonly Thread[] _threads;

    /// <param name="threads">1 or more, the calling thread included.</param>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        var crew = _crew = new Crew(threads - 1);
        _threads = new Thread[threads - 1];
        for (var i = 0; i < _threads.Length; i++)
        {
            // The threads hold the crew and not the team: a team that nobody refers to is collected, and they end.
            var worker = i + 1;
            _threads[i] = new Thread(() => crew.Work(worker)) { IsBackground = true, Name = $"model worker {worker}" };
            _threads[i].Start();
        }
    }

    // There is no crew where the constructor refused its argument.
    ~ThreadTeam() => _crew?.Close();

    public int Threads { get; }

    /// <summary>Chunks of the job that had most of them since this was set: as many threads could have worked side by side.</summary>
    internal int MostChunks { get; set; }

    /// <summary>Runs chunks 0 to count - 1, each once, and returns when all are done. Bodies must not throw. One caller at a time.</summary>
    /// <param name="chunks">Up to 16,777,215.</param>
    /// <param name="body">Gets state, chunk and worker (0 is the caller).</param>
    /// <exception cref="ObjectDisposedException">The threads have ended.</exception>
    public void Run(int chunks, delegate*<void*, int, int, void> body, void* state)
    {
        ObjectDisposedException.ThrowIf(_crew.IsClosing, this);
        MostChunks = Math.Max(MostChunks, chunks);
        if (chunks <= 1 || Threads == 1)
        {
            for (var i = 0; i < chunks; i++)
            {
                body(state, i, 0);
            }

            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunks, Crew.MostChunks);
        _crew.Post(chunks, body, state);
        _crew.Drain(0);
        var start = Stopwatch.GetTimestamp();
        while (!_crew.IsDone(chunks))
        {
            if (Stopwatch.GetTimestamp() - start < Crew.Spin)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Thread.Yield();
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _crew.Close();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        GC.SuppressFinalize(this);
    }
}
