using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>Nodes that become one kernel.</summary>
internal sealed class Group
{
    private Group(List<Node> nodes, Node? product, Extent rows, int columns) => (Nodes, Product, Rows, Columns) = (nodes, product, rows, columns);

    /// <summary>In the order of the graph.</summary>
    public List<Node> Nodes { get; }

    /// <summary>The matrix product whose epilogue the other nodes are.</summary>
    public Node? Product { get; }

    public Extent Rows { get; }

    /// <summary>Columns of the row loop; 1 while every node has one value a row.</summary>
    public int Columns { get; }

    /// <summary>Whether nodes can join at all.</summary>
    public bool IsOpen => Product is not null || Nodes[0].Op is RowOp;

    public static Group Of(Node node) => node.Op switch
    {
        RowOp op => RowGroup(node, op.Space(node.Inputs, node.Outputs)),
        MatMulOp when node.Output.Shape.LastExtent.IsConstant => new Group([node], node, node.Output.Shape.Rows, node.Output.Shape.Columns),
        _ => new Group([node], null, Extent.One, 1),
    };

    /// <summary>Whether the two run over the same rows in a way that one kernel can.</summary>
    public bool Fits(Group other)
    {
        if (!IsOpen || !other.IsOpen || Rows != other.Rows || (Product is not null && other.Product is not null))
        {
            return false;
        }

        if (Product is null && other.Product is null)
        {
            return Columns == other.Columns || Columns == 1 || other.Columns == 1;
        }

        // An epilogue sees one tile of the product: only maps over its very shape can join.
        var rest = Product is null ? this : other;
        return Columns == other.Columns && Columns > 1 && rest.Nodes.All(n => n.Op is RowOp { Action: RowAction.Map } op && op.Space(n.Inputs, n.Outputs).LastExtent == Columns
            && !n.Inputs.Where((_, i) => op.IsIndexed(i)).Any());
    }

    public Group Union(Group other) =>
        new([.. Nodes.Concat(other.Nodes).OrderBy(static n => n.Id)], Product ?? other.Product, Rows, Math.Max(Columns, other.Columns));

    private static Group RowGroup(Node node, Shape space) => new([node], null, space.Rows, space.Columns);
}
