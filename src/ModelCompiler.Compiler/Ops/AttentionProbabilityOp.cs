using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>exp(scale s - l), 0 for a key that is hidden. Inputs: scores, the log of sums and, where there is one, the mask.</summary>
internal sealed record AttentionProbabilityOp(AttentionCells Cells, bool HasMask) : RowOp
{
    public override string Name => "attention_probability";

    public override bool IsIndexed(int input) => input > 0;

    public override bool IsInteger(int input) => input == 2 && !Cells.Options.FloatMask;

    // A row is one number: keys are no columns.
    public override Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => inputs[0].Shape;

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs) => [new Signature("weight", new Shape([.. inputs[0].Shape.Axes.Take(4)]))];

    public override Scalar Formula(RowContext c)
    {
        var o = Cells.Options;
        var (keys, weight) = (Position.Of(Cells.Keys), Scalar.Exp((c.Input(0) * o.Scale) - new Scalar.ReadRow(c.Operand(1), Cells.QueryRow)));
        if (HasMask)
        {
            var key = (Cells.Sample * keys) + Cells.Key;
            weight = o.FloatMask ? Scalar.Where(new Scalar.ReadRow(c.Operand(2), key), 0, weight, 0) : new Scalar.ByRow(0, c.Integer(2, key), weight, 0);
        }

        return o.Causal ? new Scalar.ByRow(Cells.Query + keys - Position.Of(Cells.Queries), Cells.Key, 0, weight) : weight;
    }

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();
}
