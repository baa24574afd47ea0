using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Reference;

/// <summary>Evaluates formulas in double precision.</summary>
/// <param name="columns">Values of a row that is read column by column.</param>
internal sealed class ScalarInterpreter(IReadOnlyList<Operand> operands, long columns, KernelCall call, IReadOnlyDictionary<string, double> locals)
{
    private long _step;

    /// <summary>The sum of the product that the formula is an epilogue of.</summary>
    public double Accumulator { get; set; }

    public double Evaluate(Scalar scalar, long row, int column)
    {
        switch (scalar)
        {
            case Scalar.Constant s:
                return s.Value;
            case Scalar.Call s:
                return s.Function.Evaluate([.. s.Arguments.Select(a => Evaluate(a, row, column))]);
            case Scalar.Read s:
                return call.Buffers[s.Operand][(At(s.Row, row) * columns) + column];
            case Scalar.ReadRow s:
                return call.Buffers[s.Operand][At(s.Row, row)];
            case Scalar.ReadAt s:
                return call.Buffers[s.Operand][(At(s.Row, row) * operands[s.Operand].Shape.LastExtent.At(call.Batch, call.Length, call.Second)) + At(s.Column, row)];
            case Scalar.ReadColumn s:
                return call.Buffers[s.Operand][column];
            case Scalar.RowLocal s:
                return locals[s.Name];
            case Scalar.Accumulator:
                return Accumulator;
            case Scalar.OneHot s:
                return At(s.Column, row) == column ? 1 : 0;
            case Scalar.Keep s:
                return call.Keep!(s.Site + call.Layer, (At(s.Row, row) * s.Columns) + column, s.Probability) ? 1 / (1 - s.Probability) : 0;
            case Scalar.ByRow s:
                return Evaluate(At(s.Left, row) < At(s.Right, row) ? s.Below : s.Otherwise, row, column);
            case Scalar.Fold s:
                var (result, count) = (s.IsMax ? double.NegativeInfinity : 0.0, At(s.Count, row));
                for (_step = 0; _step < count; _step++)
                {
                    var value = Evaluate(s.Body, row, column);
                    result = s.IsMax ? Math.Max(result, value) : result + value;
                }

                return result;
            default:
                throw new InvalidOperationException($"no value for {scalar.GetType().Name}");
        }
    }

    public long At(Position position, long row) => position switch
    {
        Position.RowIndex => row,
        Position.StepIndex => _step,
        Position.Constant c => c.Value,
        Position.Size s => s.Extent.At(call.Batch, call.Length, call.Second),
        Position.Element e => (long)call.Buffers[e.Operand][At(e.At, row)],
        Position.Binary b => (b.Symbol, At(b.Left, row), At(b.Right, row)) switch
        {
            ('+', var x, var y) => x + y,
            ('-', var x, var y) => x - y,
            ('*', var x, var y) => x * y,
            ('/', var x, var y) => x / y,
            (_, var x, var y) => x % y,
        },
        _ => throw new InvalidOperationException("no such position"),
    };
}
