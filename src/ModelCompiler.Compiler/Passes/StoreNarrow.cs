using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Passes;

/// <summary>
/// Mixed precision: says which values are stored in 16 bits, and has products round what they multiply. The one place that decides; back
/// ends and the interpreter follow the elements' types.
/// <code>
/// stored narrow     what grows with the batch and has a row of channels for each token or sample, and its gradient
/// stored as floats  parameters and their gradients, inputs and outputs, sums and statistics, losses, what comes out of attention,
///                   patches of pictures, what is looked for among others
/// </code>
/// Runs last: what no pass changes any more is what memory will hold.
/// </summary>
/// <param name="ofFixedSize">Also values that do not grow with the batch, which in models are made of parameters: for graphs of single ops.</param>
internal sealed class StoreNarrow(bool ofFixedSize = false) : GraphRewriter
{
    private readonly HashSet<Value> _narrow = [];

    protected override void Prepare(Graph graph)
    {
        _narrow.UnionWith(graph.Nodes.SelectMany(static n => n.Outputs).Where(IsOfChannels));
        _narrow.ExceptWith(graph.Nodes.Where(static n => !Loads(n) || n.Op is FormulaOp { Compares: true }).SelectMany(static n => n.Inputs));
        _narrow.ExceptWith(graph.Nodes.SelectMany(static n => n.Op switch
        {
            SelfAttentionGradientOp => n.Inputs.Skip(1).Take(2),
            CrossAttentionGradientOp => n.Inputs.Skip(2).Take(2),
            _ => [],
        }));
        _narrow.ExceptWith(graph.Outputs.SelectMany(static o => o.Values));
        _narrow.ExceptWith(graph.Gradients.SelectMany(static g => g.Parts));

        // What goes from layer to layer is in one piece of memory; one run of layers may hand it to the next. Attention has one form for all that it is given.
        var alike = graph.Blocks.SelectMany(static b => b.Carries).Select(static c => new[] { c.Initial, c.Entry, c.Next, c.Result })
            .Concat(graph.Nodes.Select(static n => n.Op switch
            {
                SelfAttentionGradientOp => [n.Inputs[0], n.Inputs[3]],
                CrossAttentionOp => [n.Inputs[0], n.Inputs[1]],
                CrossAttentionGradientOp => [n.Inputs[0], n.Inputs[1], n.Inputs[4]],
                _ => Array.Empty<Value>(),
            })).ToArray();
        while (alike.FirstOrDefault(c => c.Any(_narrow.Contains) && !c.All(_narrow.Contains)) is { } mixed)
        {
            _narrow.ExceptWith(mixed);
        }
    }

    protected override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value> inputs) => Builder.Copy(
        node, node.Op is MatMulOp product ? product with { Operands = ElementType.BFloat16 } : node.Op, inputs, Builder.Block,
        o => _narrow.Contains(o) ? ElementType.BFloat16 : o.Type).Outputs;

    private bool IsOfChannels(Value value) => value.Type == ElementType.Float && (ofFixedSize || value.Shape.Count.BatchPower > 0)
        && value.Shape.LastExtent is { IsConstant: true, Factor: > 1 } && Stores(value.Producer) && !IsOfRows(value.Producer);

    // Sums over rows or columns, and what is one value a row.
    private static bool IsOfRows(Node node) => node.Op is RowOp op && (op.Action != RowAction.Map || op.Space(node.Inputs, node.Outputs).Columns == 1);

    private static bool Stores(Node node) => node.Op is RowOp or MatMulOp or CarryOp or ResultOp;

    private static bool Loads(Node node) => Stores(node) || node.Op is EmbeddingGradientOp or SelfAttentionOp or SelfAttentionGradientOp or CrossAttentionOp or CrossAttentionGradientOp;
}
