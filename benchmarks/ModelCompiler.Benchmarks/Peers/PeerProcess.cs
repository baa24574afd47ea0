using System.Diagnostics;
using ModelCompiler.Benchmarks.Measuring;
using ModelCompiler.Benchmarks.Steps;

namespace ModelCompiler.Benchmarks.Peers;

/// <summary>The same step under libtorch in a process of its own, which takes turns with ours.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="spins">Whether its idle threads spin for a while, which is fastest alone, or sleep, which is faster beside others.</param>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public PeerProcess(string path, StepCase step, int threads, bool spins)
    {
        _process = ChildProcess.Start("dotnet", [path, .. step.PeerArguments(threads)],
            [("OMP_NUM_THREADS", $"{threads}"), ("MKL_NUM_THREADS", $"{threads}"), .. spins ? Array.Empty<(string, string)>() : [("OMP_WAIT_POLICY", "PASSIVE")]]);
        var ready = Read();
        (Parameters, Before) = ready is ["ready", var parameters, var bytes] ? (long.Parse(parameters), long.Parse(bytes))
            : throw new InvalidOperationException($"The peer says '{string.Join(' ', ready)}' where it should be ready.");
    }

    public long Parameters { get; }

    /// <summary>Resident bytes before there was a model.</summary>
    public long Before { get; }

    /// <summary>One step, and the loss before it.</summary>
    public (Sample Time, double Loss) Step()
    {
        var numbers = Array.ConvertAll(Ask("step"), static n => double.Parse(n));
        return (new Sample(numbers[0], numbers[1]), numbers[2]);
    }

    /// <summary>The most resident bytes so far.</summary>
    public long Peak() => long.Parse(Ask("peak")[0]);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string[] Ask(string request)
    {
        _process.StandardInput.WriteLine(request);
        _process.StandardInput.Flush();
        return Read();
    }

    private string[] Read() => _process.StandardOutput.ReadLine()?.Split(' ') ?? throw new InvalidOperationException("The peer has ended.");
}
