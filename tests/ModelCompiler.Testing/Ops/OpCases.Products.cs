using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ops;

namespace ModelCompiler.Testing;

internal static partial class OpCases
{
    private static (int Rows, int Inner, int Columns)[] Sizes => [(1, 1, 1), (3, 5, 7), (1, 9, 4), (14, 3, 1), (26, 17, 70)];

    private static IEnumerable<OpCase> Products() =>
    [
        .. from size in Sizes
           from a in new[] { false, true }
           from t in new[] { false, true }
           select Row<MatMulOp>(
               $"{size.Rows} x {size.Inner} x {size.Columns}{(a ? ", first transposed" : "")}{(t ? ", second transposed" : "")}", g => Product(g, size.Rows, size.Inner, size.Columns, a, t)),
        Row<MatMulOp>("longer than a block of sums", static b => Product(b, 2, 1100, 3, false, true)),
        Row<MatMulOp>("batch and length", static b => b.Graph.MatMul(b.Tensor("a", new Shape(Batch, Length, Width(6))), b.Tensor("b", Fixed(9, 6)), false, true, "product"), 3, 7),
        Row<MatMulOp>("summed over batch and length", static b =>
            b.Graph.MatMul(b.Tensor("a", new Shape(Batch, Length, Width(6))), b.Tensor("b", new Shape(Batch, Length, Width(9))), true, false, "product"), 3, 7),
        .. new[] { 1, 3, 40 }.Select(static batch => Row<MatMulOp>($"all with all of {batch}", static b =>
            b.Graph.MatMul(b.Tensor("a", new Shape(Batch, Width(6))), b.Tensor("b", new Shape(Batch, Width(6))), false, true, "product"), batch)),
        Row<MatMulOp>("a matrix and itself", static b => b.Graph.MatMul(b.Tensor("a", Fixed(5, 5)), b.Tensor("a", Fixed(5, 5)), false, false, "product")),
        Row<MatMulOp>("a matrix and its transpose", static b => b.Graph.MatMul(b.Tensor("a", Fixed(5, 3)), b.Tensor("a", Fixed(5, 3)), false, true, "product")),
    ];

    private static Value Product(OpBuilder b, int rows, int inner, int columns, bool transposeA, bool transposeB) => b.Graph.MatMul(
        b.Tensor("a", transposeA ? Fixed(inner, rows) : Fixed(rows, inner)), b.Tensor("b", transposeB ? Fixed(columns, inner) : Fixed(inner, columns)), transposeA, transposeB, "product");
}
