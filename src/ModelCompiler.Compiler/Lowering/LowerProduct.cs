using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Scalars;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Compiler.Lowering;

/// <summary>A product and the maps that joined it: the last stored value is the result, stored ones before it are extra.</summary>
internal static class LowerProduct
{
    public static Launch Run(Group group, OperandList operands, ExternalUses uses)
    {
        var product = group.Product!;
        var op = (MatMulOp)product.Op;
        operands.ReadAnew(product.Inputs[0]);
        operands.ReadAnew(product.Inputs[1]);
        var made = new Dictionary<Value, Scalar> { [product.Output] = new Scalar.Accumulator() };
        var stores = new List<RowStep.Store>();
        foreach (var node in group.Nodes)
        {
            if (!ReferenceEquals(node, product))
            {
                made[node.Output] = ((RowOp)node.Op).Formula(new FusedRow(node, node.Output.Shape, operands, made));
            }

            if (uses.IsStored(node.Output, group))
            {
                stores.Add(new RowStep.Store(operands.Write(node.Output), made[node.Output]));
            }
        }

        var last = stores[stores.Count - 1];
        var inner = op.TransposeA ? product.Inputs[0].Shape.Rows : product.Inputs[0].Shape.LastExtent;
        return operands.Launch(new MatMulKernel(operands.Name(), operands.Operands, op.Operands, op.TransposeA, op.TransposeB,
            product.Output.Shape.Rows, product.Output.Shape.LastExtent, inner, last.Operand, last.Value, [.. stores.Take(stores.Count - 1)]));
    }
}
