namespace ModelCompiler.Peer;

/// <summary>What is timed: a training step, or some tokens.</summary>
internal interface IPeerRun
{
    long Parameters { get; }

    /// <summary>Runs once; returns a number that shows what it did.</summary>
    float Step();
}
