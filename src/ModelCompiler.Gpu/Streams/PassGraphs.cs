using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>What the launches of a pass, or of an optimizer step, have in their arguments: a graph of them stands for those where all of it is the same.</summary>
/// <param name="Pass">Null: clipping and the optimizer.</param>
/// <param name="Input">Which of the arenas of inputs.</param>
internal readonly record struct GraphKey(Runtime.Pass? Pass, long Batch, Runtime.Lengths Lengths, bool Accumulate, ulong Seed, int Input)
{
    /// <summary>All that differs from step to step is in device memory.</summary>
    public static GraphKey OfStep => default;
}

/// <summary>
/// Launches of passes and of optimizer steps as graphs, which cost the host one call instead of hundreds. A pass that is seen for the first time is launched plainly, since
/// its kernels are compiled then; the second time it is captured, and replayed from then on. Whatever fails, passes are launched plainly.
/// </summary>
/// <param name="driver">Null: everything is launched plainly.</param>
/// <param name="say">Told once why there are no graphs.</param>
internal sealed class PassGraphs(IGraphDriver? driver, Action<string> say) : IDisposable
{
    /// <summary>Graphs that are kept: rows of many lengths would fill the device with some that never come again.</summary>
    public const int Most = 16;

    private readonly Dictionary<GraphKey, nint> _ready = [];
    private IGraphDriver? _driver = driver;
    private long _allocations;

    /// <summary>Graphs that are ready.</summary>
    public int Captured => _ready.Values.Count(static r => r != 0);

    /// <summary>Puts a pass on a stream.</summary>
    /// <param name="allocations">Arenas that were allocated so far: graphs hold the addresses of those that were there.</param>
    /// <param name="launch">Launches it plainly.</param>
    public void Run(in GraphKey key, long allocations, nint stream, Action launch)
    {
        if (_driver is null)
        {
            launch();
            return;
        }

        if (allocations != _allocations || (_ready.Count == Most && !_ready.ContainsKey(key)))
        {
            _allocations = allocations;
            Clear();
        }

        if (_ready.TryAdd(key, 0))
        {
            launch();
            return;
        }

        if (_ready[key] is 0 && !Capture(in key, stream, launch))
        {
            launch();
            return;
        }

        if (Fails(_driver.Launch(_ready[key], stream), "a graph cannot be launched"))
        {
            launch();
        }
    }

    public void Dispose() => Clear();

    private bool Capture(in GraphKey key, nint stream, Action launch)
    {
        try
        {
            if (Fails(_driver!.BeginCapture(stream), "a stream cannot be captured"))
            {
                return false;
            }

            nint graph;
            int result;
            try
            {
                launch();
            }
            finally
            {
                result = _driver.EndCapture(stream, out graph);
            }

            if (Fails(result, "a capture cannot be ended"))
            {
                return false;
            }

            var driver = _driver;
            var isFailed = Fails(driver.Instantiate(graph, out var ready), "a graph cannot be instantiated");
            driver.DestroyGraph(graph);
            if (!isFailed)
            {
                _ready[key] = ready;
            }

            return !isFailed;
        }
        catch (Exception e) when (e is AcceleratorException or DeviceLostException or EntryPointNotFoundException or DllNotFoundException)
        {
            Stop(e.Message);
            return false;
        }
    }

    private bool Fails(int result, string what)
    {
        if (result != 0)
        {
            Stop(FormattableString.Invariant($"{what}: the driver returns {result}"));
        }

        return result != 0;
    }

    private void Stop(string why)
    {
        Clear();
        _driver = null;
        say($"Launches are made one by one, not as CUDA graphs: {why}.");
    }

    private void Clear()
    {
        foreach (var ready in _ready.Values.Where(static r => r != 0))
        {
            _driver!.DestroyReady(ready);
        }

        _ready.Clear();
    }
}
