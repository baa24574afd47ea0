using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Layers;

/// <summary>What a tower gets of another one: tokens to read by cross-attention, or vectors to begin its own rows with.</summary>
internal sealed record Reading(Memory? Memory = null, Value? Prefix = null)
{
    public static Reading Nothing { get; } = new();
}
