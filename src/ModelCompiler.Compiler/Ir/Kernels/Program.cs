using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ir.Kernels;

/// <summary>What a launch gives a kernel for an operand.</summary>
internal abstract record Argument
{
    private Argument()
    {
    }

    /// <summary>A tensor of the graph.</summary>
    public sealed record Tensor(Value Value) : Argument;

    /// <summary>The gradient of a parameter; all parts but the first are added to what is there.</summary>
    public sealed record Gradient(Parameter Parameter, bool IsFirst, Value Part) : Argument;
}

/// <summary>One kernel with its operands.</summary>
/// <param name="Path">The layer that it computes: <c>blocks.attention_norm</c>.</param>
internal sealed record Launch(Kernel Kernel, IReadOnlyList<Argument> Arguments, string Path);

/// <summary>Launches that run one after the other; those of a block once for each of its layers.</summary>
internal sealed record Stage(Block? Block, IReadOnlyList<Launch> Launches);

/// <summary>A lowered graph.</summary>
internal sealed class Program(Graph graph, IReadOnlyList<Stage> stages)
{
    public Graph Graph { get; } = graph;

    public IReadOnlyList<Stage> Stages { get; } = stages;

    public IEnumerable<Launch> Launches => Stages.SelectMany(static s => s.Launches);
}
