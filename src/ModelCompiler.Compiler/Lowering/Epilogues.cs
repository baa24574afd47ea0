using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>
/// Chooses which maps of a row group a product computes while its tile is in the first-level cache. What moves is a map with
/// everything of its group that it needs; it moves where that saves traffic: whole tensors that the two kernels read and write.
/// <code>
/// matmul ──► + bias ──► + residual ──► norm      the sum is stored in any case: bias and residual move
/// matmul ──► x weight ──► sums of a row          the product would be stored twice: nothing moves
/// </code>
/// </summary>
internal sealed class Epilogues(ExternalUses uses)
{
    /// <summary>Nodes of the row group that the product should take; empty: none.</summary>
    public IReadOnlyList<Node> Choose(Group product, Group rows, Func<IReadOnlyCollection<Node>, bool> isPossible)
    {
        var best = Cost(product, rows);
        IReadOnlyList<Node> chosen = [];
        foreach (var node in rows.Nodes)
        {
            var needed = new HashSet<Node>();
            if (!Collect(node, rows, needed) || !needed.Any(n => n.Inputs.Any(i => product.Nodes.Contains(i.Producer))))
            {
                continue;
            }

            var cost = Cost(product.With(needed), rows.Without(needed));
            if ((cost < best || (cost == best && needed.Count > chosen.Count)) && isPossible(needed))
            {
                (best, chosen) = (cost, [.. needed]);
            }
        }

        return chosen;
    }

    /// <summary>Adds a node and what it needs of its group; false where something of it cannot be computed tile by tile.</summary>
    private static bool Collect(Node node, Group rows, HashSet<Node> needed)
    {
        if (!needed.Add(node))
        {
            return true;
        }

        return IsTileable(node, rows) && node.Inputs.All(i => !rows.Nodes.Contains(i.Producer) || Collect(i.Producer, rows, needed));
    }

    private static bool IsTileable(Node node, Group rows) => node.Op is RowOp { Action: RowAction.Map } op
        && op.Space(node.Inputs, node.Outputs).LastExtent == rows.Columns && !node.Inputs.Where((_, i) => op.IsIndexed(i)).Any();

    /// <summary>Whole tensors that the two kernels read and write.</summary>
    private int Cost(Group product, Group? rows) => Writes(product) + Reads(product) + (rows is null ? 0 : Writes(rows) + Reads(rows));

    private int Writes(Group group) => group.Nodes.SelectMany(static n => n.Outputs).Count(o => IsWhole(o, group) && uses.IsStored(o, group));

    private static int Reads(Group group) => group.Nodes.Where(static n => n.Op is RowOp).SelectMany(static n => n.Inputs)
        .Where(i => IsWhole(i, group) && !group.Nodes.Contains(i.Producer)).Distinct().Count();

    private static bool IsWhole(Value value, Group group) => value.Shape.Rows == group.Rows && value.Shape.LastExtent == group.Columns;
}
