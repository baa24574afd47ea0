using ModelCompiler.Gpu;

namespace ModelCompiler.Numerics.Tests;

/// <summary>A driver of graphs that keeps launches as ILGPU was given them.</summary>
internal sealed class RecordingGraphs : IGraphDriver
{
    private readonly List<List<Action>> _graphs = [];

    public GpuContext? Context { get; init; }

    public string Failing { get; init; } = "";

    public bool IsCapturing { get; private set; }

    public int Captures { get; private set; }

    public int Launches { get; private set; }

    public int Destroyed { get; private set; }

    public int GraphsDestroyed { get; private set; }

    public int BeginCapture(nint stream)
    {
        if (Failing == "begin")
        {
            return 900;
        }

        _graphs.Add([]);
        if (Context is not null)
        {
            Context.Recorded = _graphs[^1];
        }

        IsCapturing = true;
        return 0;
    }

    public int EndCapture(nint stream, out nint graph)
    {
        if (Context is not null)
        {
            Context.Recorded = null;
        }

        (IsCapturing, graph) = (false, _graphs.Count);
        return Failing == "end" ? 900 : 0;
    }

    public int Instantiate(nint graph, out nint ready)
    {
        ready = graph;
        Captures++;
        return Failing == "instantiate" ? 900 : 0;
    }

    public int Launch(nint ready, nint stream)
    {
        if (Failing == "launch")
        {
            return 900;
        }

        Launches++;
        _graphs[(int)ready - 1].ForEach(static launch => launch());
        return 0;
    }

    public void DestroyGraph(nint graph) => GraphsDestroyed++;

    public void DestroyReady(nint ready) => Destroyed++;
}
