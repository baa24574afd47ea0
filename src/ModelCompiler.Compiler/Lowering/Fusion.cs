using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>
/// Groups nodes into kernels. Within a region (a block, or what stands between blocks) a row op joins the groups that make its
/// inputs where they run over the same rows, products take maps from the row groups that read them, and row groups that read the
/// same tensor join each other:
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
    private readonly Epilogues _epilogues;

    private Fusion(IReadOnlyList<Node> nodes, ExternalUses uses)
    {
        (_nodes, _epilogues) = (nodes, new Epilogues(uses));
        foreach (var node in nodes)
        {
            _groupOf.Add(node, Group.Of(node));
        }
    }

    /// <summary>Groups of a region's nodes, in an order in which they can run.</summary>
    public static IReadOnlyList<Group> Run(IReadOnlyList<Node> region, ExternalUses uses, bool fuse)
    {
        var fusion = new Fusion(region.Where(static n => n.Op is not StructuralOp).ToArray(), uses);
        if (fuse)
        {
            // What a product took no longer stands in the way of others.
            fusion.JoinProducers();
            fusion.MoveToProducts();
            fusion.JoinProducers();
            fusion.JoinReaders();
        }

        return fusion.Ordered();
    }

    private IEnumerable<Group> Groups => _nodes.Select(n => _groupOf[n]).Distinct();

    // A row op runs in the loop that makes its inputs.
    private void JoinProducers()
    {
        foreach (var node in _nodes)
        {
            foreach (var producer in node.Inputs.Where((v, i) => !IsFromMemory(node, i) && _groupOf.ContainsKey(v.Producer) && !IsColumnSum(v.Producer)).Select(static v => v.Producer))
            {
                TryJoin(_groupOf[producer], _groupOf[node]);
            }
        }
    }

    // In the order of the graph: what one product took, the next one finds in memory.
    private void MoveToProducts()
    {
        foreach (var product in _nodes.Where(n => _groupOf[n].Product is not null).ToArray())
        {
            while (Readers(_groupOf[product]).Any(rows => TryMove(_groupOf[product], rows)))
            {
            }
        }
    }

    private IReadOnlyList<Group> Readers(Group product) => [.. Groups.Where(g => g.IsOpen && g.Rows == product.Rows && g.Columns == product.Columns && g.Columns.IsConstant
        && g.Nodes.Any(n => n.Inputs.Any(i => product.Nodes.Contains(i.Producer))))];

    private bool TryMove(Group product, Group rows)
    {
        var moved = _epilogues.Choose(product, rows, nodes => !DependsOnItself([.. product.Nodes.Concat(nodes)]));
        if (moved.Count == 0)
        {
            return false;
        }

        Assign(product.With(moved));
        if (rows.Without([.. moved]) is { } rest)
        {
            Assign(rest);
        }

        return true;
    }

    private void Assign(Group group)
    {
        foreach (var node in group.Nodes)
        {
            _groupOf[node] = group;
        }
    }

    // Groups without a path between them that read the same tensor row by row read it once together.
    private void JoinReaders()
    {
        for (var joined = true; joined;)
        {
            joined = false;
            var groups = Groups.Where(static g => g.IsOpen && g.Columns != Extent.One).ToArray();
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
        if (members.Any(n => n.Op is RowOp && n.Inputs.Where((_, i) => IsFromMemory(n, i)).Any(v => members.Contains(v.Producer)))
            || members.Any(n => n.Inputs.Any(v => members.Contains(v.Producer) && IsColumnSum(v.Producer)))
            || DependsOnItself(members))
        {
            return false;
        }

        Assign(a.Union(b));
        return true;
    }

    // Other rows than the one that is computed, or one value a column: what makes it by rows must be done.
    private static bool IsFromMemory(Node node, int input) => node.Op is not RowOp op || op.IsIndexed(input) || Spread.Kind(node.Inputs[input].Shape, op.Space(node.Inputs, node.Outputs)) == SpreadKind.Column;

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
