using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>Nodes that become one kernel.</summary>
internal sealed class Group
{
    /// <summary>Sums and extremes of rows that one kernel makes at most. On GPUs the threads of a group meet in a loop for each, and pocl's compiler follows the ways through them, which multiply: with eleven it came to no end.</summary>
    public const int MostReductions = 6;

    private Group(List<Node> nodes, Node? product, Extent rows, Extent columns) => (Nodes, Product, Rows, Columns) = (nodes, product, rows, columns);

    /// <summary>In the order of the graph.</summary>
    public List<Node> Nodes { get; }

    /// <summary>The matrix product whose epilogue the other nodes are.</summary>
    public Node? Product { get; }

    public Extent Rows { get; }

    /// <summary>Columns of the row loop; 1 while every node has one value a row.</summary>
    public Extent Columns { get; }

    /// <summary>Whether it is a row loop, which others can join.</summary>
    public bool IsOpen => Product is null && Nodes[0].Op is RowOp;

    public static Group Of(Node node) => node.Op switch
    {
        RowOp op => RowGroup(node, op.Space(node.Inputs, node.Outputs)),
        MatMulOp => new Group([node], node, node.Output.Shape.Rows, node.Output.Shape.LastExtent),
        _ => new Group([node], null, Extent.One, 1),
    };

    /// <summary>Whether the two are row loops over the same rows that one kernel can run, which has one length.</summary>
    public bool Fits(Group other) =>
        IsOpen && other.IsOpen && Reductions + other.Reductions <= MostReductions && !(ReadsSecond && other.ReadsFirst) && !(ReadsFirst && other.ReadsSecond) && Rows == other.Rows && (Columns == other.Columns || Columns == Extent.One || other.Columns == Extent.One);

    private int Reductions => Nodes.Count(static n => n.Op is RowOp { Action: RowAction.RowSum or RowAction.RowMax });

    private bool ReadsFirst => Sizes.Any(static s => s.LengthPower > 0);

    private bool ReadsSecond => Sizes.Any(static s => s.SecondPower > 0);

    private IEnumerable<Extent> Sizes => Nodes.SelectMany(static n => n.Inputs.Concat(n.Outputs)).Select(static v => v.Shape.Count);

    public Group Union(Group other) => new(InOrder(Nodes.Concat(other.Nodes)), null, Rows, Columns == Extent.One ? other.Columns : Columns);

    /// <summary>The product with more nodes in its epilogue.</summary>
    public Group With(IEnumerable<Node> more) => new(InOrder(Nodes.Concat(more)), Product, Rows, Columns);

    /// <summary>The group without some nodes; null where nothing is left.</summary>
    public Group? Without(ICollection<Node> gone) => Nodes.All(gone.Contains) ? null : new([.. Nodes.Where(n => !gone.Contains(n))], Product, Rows, Columns);

    private static List<Node> InOrder(IEnumerable<Node> nodes) => [.. nodes.OrderBy(static n => n.Id)];

    private static Group RowGroup(Node node, Shape space) => new([node], null, space.Rows, space.LastExtent);
}
