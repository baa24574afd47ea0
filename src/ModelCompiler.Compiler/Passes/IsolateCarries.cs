using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Passes;

/// <summary>
/// Gives every carry an initial value and a next value of its own, computed where they can be written straight into the
/// carry's memory. Before: a carry begins with an input, or with what something else reads too, or hands on what it got; after:
/// copies.
/// </summary>
internal sealed class IsolateCarries : GraphRewriter
{
    private readonly HashSet<Value> _copyAfter = [];
    private readonly HashSet<Carry> _copyBefore = [];

    protected override void Prepare(Graph graph)
    {
        var uses = graph.Nodes.SelectMany(static n => n.Inputs.Where(_ => n.Op is not ResultOp))
            .Concat(graph.Outputs.SelectMany(static o => o.Values))
            .Concat(graph.Gradients.SelectMany(static p => p.Parts))
            .Concat(graph.Blocks.SelectMany(static b => b.Carries).Select(static c => c.Initial))
            .GroupBy(static v => v).ToDictionary(static g => g.Key, static g => g.Count());
        foreach (var block in graph.Blocks)
        {
            foreach (var carry in block.Carries)
            {
                if (carry.Initial.Producer.Op is StructuralOp || uses[carry.Initial] > 1)
                {
                    _copyAfter.Add(carry.Initial);
                }

                if (carry.Next.Producer.Op is StructuralOp || !ReferenceEquals(carry.Next.Producer.Block, block) || block.Carries.Count(c => ReferenceEquals(c.Next, carry.Next)) > 1)
                {
                    _copyBefore.Add(carry);
                }
            }
        }
    }

    protected override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value> inputs) => null;

    protected override Value Initial(Value original, Value mapped) =>
        _copyAfter.Contains(original) ? Builder.Copy(mapped) : mapped;

    protected override Value Next(Carry original, Value mapped) => _copyBefore.Contains(original) ? Builder.Copy(mapped) : mapped;
}
