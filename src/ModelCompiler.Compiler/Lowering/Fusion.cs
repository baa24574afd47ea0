using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>
/// Groups nodes into kernels. Within a region (a block, or what stands between blocks) a row op joins the groups that make its
/// inputs where they run over the same rows, and groups that read the same tensor over the same rows join each other:
/// <code>
/// x ──► sum ──► mean ──► x - mean ──► sum of squares ──► rstd ──► normed      one row kernel: layer_norm
/// matmul ──► + bias ──► + residual                                            one product with an epilogue
/// </code>
/// Two groups may join only when no path leads from one through a third to the other: such a path would have to run in the
/// middle of the joined kernel.
/// </summary>
internal sealed class Fusion
{
    private readonly Dictionary<Node, Group> _groupOf = [];
    private readonly IReadOnlyList<Node> _nodes;

    private Fusion(IReadOnlyList<Node> nodes) => _nodes = nodes;

    /// <summary>Groups of a region's nodes, in an order in which they can run.</summary>
    public static IReadOnlyList<Group> Run(IReadOnlyList<Node> region, bool fuse)
    {
        var fusion = new Fusion(region.Where(static n => n.Op is not StructuralOp).ToArray());
        foreach (var node in fusion._nodes)
        {
            fusion.Place(node, fuse);
        }

        if (fuse)
        {
            fusion.JoinReaders();
        }

        return fusion.Ordered();
    }

    private IEnumerable<Group> Groups => _nodes.Select(n => _groupOf[n]).Distinct();

    private void Place(Node node, bool fuse)
    {
        _groupOf[node] = Group.Of(node);
        if (!fuse || node.Op is not RowOp op)
        {
            return;
        }

        var producers = node.Inputs.Where((v, i) => !op.IsIndexed(i) && _groupOf.ContainsKey(v.Producer) && !IsColumnSum(v.Producer))
            .Select(static v => v.Producer);

        // A product takes the node first: that saves writing and reading the product's whole result.
        foreach (var producer in producers.OrderBy(p => _groupOf[p].Product is null ? 1 : 0).ToArray())
        {
            TryJoin(_groupOf[producer], _groupOf[node]);
        }
    }

    // Groups without a path between them that read the same tensor row by row read it once together.
    private void JoinReaders()
    {
        for (var joined = true; joined;)
        {
            joined = false;
            var groups = Groups.Where(static g => g.Product is null && g.IsOpen && g.Columns > 1).ToArray();
            for (var i = 0; i < groups.Length && !joined; i++)
            {
                for (var j = i + 1; j < groups.Length && !joined; j++)
                {
                    joined = RowInputs(groups[i]).Intersect(RowInputs(groups[j])).Any() && TryJoin(groups[i], groups[j]);
                }
            }
        }
    }

    private bool TryJoin(Group a, Group b)
    {
        if (ReferenceEquals(a, b) || !a.Fits(b))
        {
            return false;
        }

        var members = new HashSet<Node>(a.Nodes.Concat(b.Nodes));
        if (b.Nodes.Any(n => n.Op is RowOp op && n.Inputs.Where((_, i) => op.IsIndexed(i)).Any(v => members.Contains(v.Producer)))
            || a.Nodes.Any(n => n.Op is RowOp op && n.Inputs.Where((_, i) => op.IsIndexed(i)).Any(v => members.Contains(v.Producer)))
            || members.Any(n => n.Inputs.Any(v => members.Contains(v.Producer) && IsColumnSum(v.Producer)))
            || DependsOnItself(members))
        {
            return false;
        }

        var union = a.Union(b);
        foreach (var node in union.Nodes)
        {
            _groupOf[node] = union;
        }

        return true;
    }

    private static bool IsColumnSum(Node node) => node.Op is RowOp { Action: RowAction.ColumnSum };

    /// <summary>Tensors that a group reads element by element from memory.</summary>
    private static IEnumerable<Value> RowInputs(Group group)
    {
        var members = new HashSet<Node>(group.Nodes);
        return group.Nodes.SelectMany(n => n.Inputs.Where((v, i) => !((RowOp)n.Op).IsIndexed(i) && !members.Contains(v.Producer)))
            .Where(v => v.Shape.Rows == group.Rows && v.Shape.LastExtent == group.Columns).Distinct();
    }

    /// <summary>Whether something outside the members needs a member and is needed by one.</summary>
    private bool DependsOnItself(HashSet<Node> members)
    {
        var visited = new HashSet<Group>();
        var work = new Stack<Node>(members.SelectMany(static n => n.Inputs).Select(static v => v.Producer).Where(p => _groupOf.ContainsKey(p) && !members.Contains(p)));
        while (work.Count > 0)
        {
            var group = _groupOf[work.Pop()];
            if (!visited.Add(group))
            {
                continue;
            }

            foreach (var producer in group.Nodes.SelectMany(static n => n.Inputs).Select(static v => v.Producer).Where(_groupOf.ContainsKey))
            {
                if (members.Contains(producer))
                {
                    return true;
                }

                work.Push(producer);
            }
        }

        return false;
    }

    private IReadOnlyList<Group> Ordered()
    {
        var ordered = new List<Group>();
        var done = new HashSet<Group>();
        void Visit(Group group)
        {
            if (!done.Add(group))
            {
                return;
            }

            foreach (var producer in group.Nodes.SelectMany(static n => n.Inputs).Select(static v => v.Producer).Where(_groupOf.ContainsKey))
            {
                Visit(_groupOf[producer]);
            }

            ordered.Add(group);
        }

        foreach (var group in Groups.OrderBy(static g => g.Nodes[g.Nodes.Count - 1].Id).ToArray())
        {
            Visit(group);
        }

        return ordered;
    }
}
