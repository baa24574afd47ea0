using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// C = op(A) op(B) over matrices whose rows are all axes but the last; op transposes where asked. A [rows, inner], B [inner, columns].
/// dA = dC op(B)^T, dB = op(A)^T dC, each transposed back.
/// </summary>
/// <param name="Operands">What the elements of A and B are rounded to before they are multiplied; sums are floats.</param>
internal sealed record MatMulOp(bool TransposeA, bool TransposeB, string ResultName, ElementType Operands = ElementType.Float) : Op
{
    public override string Name => "matmul";

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        var (a, b) = (inputs[0].Shape, inputs[1].Shape);
        var inner = TransposeA ? a.Rows : a.LastExtent;
        var other = TransposeB ? b.LastExtent : b.Rows;
        if (inner != other)
        {
            throw new GraphException($"inner sizes {inner} and {other} differ");
        }

        // Similarities of a batch are as many columns as it has samples; nothing has as many as tokens.
        if ((TransposeB ? b.Rows : b.LastExtent) is { LengthPower: > 0 } or { SecondPower: > 0 })
        {
            throw new GraphException("the columns of the result must not depend on the length");
        }

        var columns = new Axis("out", TransposeB ? b.Rows : b.LastExtent);
        var shape = TransposeA ? new Shape(new Axis("in", a.LastExtent), columns) : new Shape([.. a.Axes.Take(a.Axes.Length - 1), columns]);
        return [new Signature(ResultName, shape)];
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream)
    {
        var (a, b, dc) = (inputs[0], inputs[1], upstream[0]!);
        var da = TransposeA ? g.MatMul(b, dc, TransposeB, true, "d_a") : g.MatMul(dc, b, false, !TransposeB, "d_" + a.Name);
        var db = TransposeB ? g.MatMul(dc, a, true, TransposeA, "d_" + b.Name) : g.MatMul(a, dc, !TransposeA, false, "d_" + b.Name);
        return [da, db];
    }
}

internal static class MatMulSyntax
{
    public static Value MatMul(this GraphBuilder g, Value a, Value b, bool transposeA, bool transposeB, string name) =>
        g.Apply(new MatMulOp(transposeA, transposeB, name), a, b);
}
