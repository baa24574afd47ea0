namespace ModelCompiler.Runtime;

/// <summary>One kernel launch of a pass.</summary>
/// <param name="Kernel">The emitted class.</param>
/// <param name="Layer">The layer that it computes: <c>blocks.attention_norm</c>.</param>
/// <param name="Block">Name of the run of layers that it is part of; empty outside. Launches of one run that follow each other repeat together.</param>
/// <param name="Times">Layers of that run, 1 outside.</param>
/// <param name="First">Number of the run's first layer.</param>
/// <param name="Step">From one layer of the run to the next: -1 where it runs backwards, 0 outside of runs.</param>
public sealed record LaunchInfo(string Kernel, string Layer, string Block, int Times, int First = 0, int Step = 0);
