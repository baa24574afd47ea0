namespace ModelCompiler.Gpu;

/// <summary>What a driver does with graphs of launches. Each returns 0, or the code of an error.</summary>
internal interface IGraphDriver
{
    /// <summary>From now on launches on the stream are noted, not made.</summary>
    int BeginCapture(nint stream);

    /// <summary>Launches are made again.</summary>
    int EndCapture(nint stream, out nint graph);

    /// <summary>Makes a graph ready to run.</summary>
    int Instantiate(nint graph, out nint ready);

    int Launch(nint ready, nint stream);

    void DestroyGraph(nint graph);

    void DestroyReady(nint ready);
}
