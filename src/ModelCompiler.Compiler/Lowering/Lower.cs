using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>Graph to program: regions are fused into groups, groups become kernels and their launches.</summary>
internal static class Lower
{
    /// <summary>With <paramref name="fuse"/> off every node is a kernel of its own: the same numbers, slower.</summary>
    public static Program Run(Graph graph, bool fuse)
    {
        var stages = new List<Stage>();
        var uses = new ExternalUses(graph);
        for (var i = 0; i < graph.Nodes.Count;)
        {
            var block = graph.Nodes[i].Block;
            var region = graph.Nodes.Skip(i).TakeWhile(n => ReferenceEquals(n.Block, block)).ToArray();
            i += region.Length;
            var launches = Fusion.Run(region, uses, fuse).Select(g => LowerGroup(g, uses)).ToArray();
            if (launches.Length > 0)
            {
                stages.Add(new Stage(block, launches));
            }
        }

        return new Program(graph, InOrder(stages));
    }

    // Of a gradient's parts the one that runs first overwrites what the last step left; fusion decides which that is.
    private static IReadOnlyList<Stage> InOrder(IReadOnlyList<Stage> stages)
    {
        var begun = new HashSet<Parameter>();
        return [.. stages.Select(s => s with { Launches = [.. s.Launches.Select(Mark)] })];

        Launch Mark(Launch launch)
        {
            var arguments = launch.Arguments.ToArray();
            foreach (var written in launch.Kernel.Writes)
            {
                arguments[written] = arguments[written] is Argument.Gradient g ? g with { IsFirst = begun.Add(g.Parameter) } : arguments[written];
            }

            return launch with { Arguments = arguments };
        }
    }

    private static Launch LowerGroup(Group group, ExternalUses uses)
    {
        var node = group.Nodes[0];
        var operands = new OperandList(group, uses);
        return node.Op switch
        {
            _ when group.Product is not null => LowerProduct.Run(group, operands, uses),
            RowOp => LowerRows.Run(group, operands, uses),
            SelfAttentionOp a => Attention(node, operands, a.Options, false, node.Inputs.Count == 2),
            SelfAttentionGradientOp a => Attention(node, operands, a.Options, true, node.Inputs.Count == 5),
            CrossAttentionOp { Options.Cached: true } a => Kept(node, operands, a.Options),
            CrossAttentionOp a => CrossAttention(node, operands, a.Options, false, node.Inputs.Count == 3),
            CrossAttentionGradientOp a => CrossAttention(node, operands, a.Options, true, node.Inputs.Count == 6),
            EmbeddingGradientOp e => operands.Launch(node, (name, list) => new EmbeddingGradientKernel(
                name, list, node.Inputs[0].Shape.Rows, node.Inputs[0].Shape.Columns, checked((int)e.Table.Rows.Factor), e.PaddingId)),
            IPairLossOp p => operands.Launch(node, (name, list) => new PairKernel(name, list, p.Roles, p.Rule)),
            PatchifyOp p => operands.Launch(node, (name, list) => new PatchifyKernel(name, list, p.Channels, p.Height, p.Width, p.PatchHeight, p.PatchWidth)),
            _ => throw new GraphException($"{node.Op.Name} at '{node.Path}' has no lowering"),
        };
    }

    private static Launch Attention(Node node, OperandList operands, AttentionOptions o, bool isGradient, bool hasMask)
    {
        var qkv = node.Inputs[0].Shape;
        var tokens = qkv.Axes[1].Extent;
        return operands.Launch(node, (name, list) => new AttentionKernel(
            name, list, false, isGradient, hasMask, o.Heads, o.KeyHeads, qkv.Columns / o.AllHeads, qkv.Axes[0].Extent, tokens, tokens, o.Scale, o.ByLayer, o.Causal, o.Dropout, o.Site, o.Cached));
    }

    // How many keys there are is known to the cache alone.
    private static Launch Kept(Node node, OperandList operands, AttentionOptions o)
    {
        var q = node.Inputs[0].Shape;
        return operands.Launch(node, (name, list) => new AttentionKernel(
            name, list, true, false, false, o.Heads, o.KeyHeads, q.Columns / o.Heads, q.Axes[0].Extent, q.Axes[1].Extent, 0, o.Scale, o.ByLayer, false, 0, 0, true));
    }

    private static Launch CrossAttention(Node node, OperandList operands, AttentionOptions o, bool isGradient, bool hasMask)
    {
        var (q, kv) = (node.Inputs[0].Shape, node.Inputs[1].Shape);
        return operands.Launch(node, (name, list) => new AttentionKernel(
            name, list, true, isGradient, hasMask, o.Heads, o.KeyHeads, q.Columns / o.Heads, q.Axes[0].Extent, q.Axes[1].Extent, kv.Axes[1].Extent, o.Scale, o.ByLayer, o.Causal, o.Dropout, o.Site));
    }
}
