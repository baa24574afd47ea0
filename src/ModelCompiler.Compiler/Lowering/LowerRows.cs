using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Scalars;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>A group of row ops becomes one row kernel: formulas are put into each other, what others read is stored.</summary>
internal static class LowerRows
{
    public static Launch Run(Group group, OperandList operands, ExternalUses uses)
    {
        var made = new Dictionary<Value, Scalar>();
        var steps = new List<RowStep>();
        var names = new HashSet<string>();
        foreach (var node in group.Nodes)
        {
            var op = (RowOp)node.Op;
            var space = op.Space(node.Inputs, node.Outputs);
            var isRow = space.LastExtent == Extent.One;
            var formula = op.Formula(new FusedRow(node, space, operands, made));
            var output = node.Output;
            var isStored = uses.IsStored(output, group);
            switch (op.Action)
            {
                case RowAction.ColumnSum:
                    steps.Add(isRow ? new RowStep.RowTotal(operands.Write(output), formula) : new RowStep.ColumnSum(operands.Write(output), formula));
                    break;
                case RowAction.Map when !isRow:
                    made[output] = formula;
                    if (isStored)
                    {
                        steps.Add(new RowStep.Store(operands.Write(output), formula));
                    }

                    break;
                default:
                    var name = OperandList.Unique(output.Name, n => !names.Add(n));
                    var local = new Scalar.RowLocal(name);
                    steps.Add(isRow
                        ? new RowStep.Local(name, formula)
                        : new RowStep.Reduce(name, op.Action == RowAction.RowMax, formula));
                    made[output] = local;
                    if (isStored)
                    {
                        steps.Add(new RowStep.StoreRow(operands.Write(output), local));
                    }

                    break;
            }
        }

        return operands.Launch(new RowKernel(operands.Name(), operands.Operands, group.Rows, group.Columns, steps));
    }
}

/// <summary>Inputs of a node in a fused group: the formula that made them there, or a read.</summary>
internal sealed class FusedRow(Node node, Shape space, OperandList operands, IReadOnlyDictionary<Value, Scalar> made) : RowContext
{
    public override Scalar Input(int input)
    {
        var value = node.Inputs[input];
        if (made.TryGetValue(value, out var formula))
        {
            return formula;
        }

        var isRow = space.LastExtent == Extent.One;
        return Spread.Kind(value.Shape, space) switch
        {
            SpreadKind.Element when isRow => new Scalar.ReadRow(operands.Read(value), Position.Row),
            SpreadKind.Element => new Scalar.Read(operands.Read(value), Position.Row),
            SpreadKind.Row => new Scalar.ReadRow(operands.Read(value), Position.Row),
            SpreadKind.Column => new Scalar.ReadColumn(operands.Read(value)),
            SpreadKind.Single => new Scalar.ReadAt(operands.Read(value), 0, 0),
            _ => throw new GraphException($"{node.Op.Name} at '{node.Path}': {value.Shape} does not spread over {space}"),
        };
    }

    public override int Columns => space.Columns;

    public override bool IsRow => space.LastExtent == Extent.One;

    public override int Operand(int input) => operands.Read(node.Inputs[input]);
}
