using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests.Passes;

/// <summary>Small graphs, and graphs as lines of what matters to a pass: ops, inputs, carries and gradients, without shapes and paths.</summary>
internal static class Structure
{
    public static Shape Matrix { get; } = Shape.Of(("rows", 2), ("columns", 3));

    public static Shape Vector { get; } = Shape.Of(("columns", 3));

    /// <summary>A builder for graphs that are compiled, never run.</summary>
    public static OpBuilder Builder() => new(new OpNumbers(2, 2));

    /// <summary>A line a node that computes something; those of blocks are indented.</summary>
    public static string Of(Graph graph)
    {
        var lines = graph.Nodes.Where(static n => n.Op is not (InputOp or ParameterOp or CarryOp or ResultOp))
            .Select(static n => $"{(n.Block is null ? "" : n.Block.Name + ": ")}{n.Output.Name} = {n.Op.Name}({Names(n.Inputs)})")
            .Concat(graph.Blocks.SelectMany(static b => b.Carries.Select(c => $"{b.Name} hands on {c.Next.Name}, from {c.Initial.Name} to {c.Result.Name}")))
            .Concat(graph.Outputs.Select(static o => $"{o.Name} is {Names(o.Values)}"))
            .Concat(graph.Gradients.Select(static g => $"gradient of {g.Parameter.Name} is {string.Join(" + ", g.Parts.Select(static p => p.Name))}"));
        return string.Join("\n", lines);
    }

    private static string Names(IEnumerable<Value> values) => string.Join(", ", values.Select(static v => v.Name));
}
