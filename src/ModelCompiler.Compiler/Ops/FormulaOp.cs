using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ops;

/// <summary>
/// Any formula over inputs that are spread to one shape: what composites and gradients are written with. Two formula ops are
/// equal when name, and hence formula, are equal, so a name stands for one formula together with its numbers.
/// </summary>
internal sealed record FormulaOp(string FormulaName, Shape Result, Func<Scalar[], Scalar> Make, int Arity) : RowOp
{
    public override string Name => FormulaName;

    /// <summary>It looks where one input is another, which was made of it: rounded on its way through memory, it would be nowhere.</summary>
    public bool Compares { get; init; }

    public override IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs)
    {
        if (inputs.Count != Arity)
        {
            throw new GraphException($"takes {Arity} inputs, not {inputs.Count}");
        }

        foreach (var input in inputs)
        {
            Spread.Check(input.Shape, Result);
        }

        return [new Signature(FormulaName.Split('(')[0], Result)];
    }

    public override Scalar Formula(RowContext c) => Make(Enumerable.Range(0, Arity).Select(c.Input).ToArray());

    public override IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream) => NoGradient();

    public bool Equals(FormulaOp? other) => other is not null && other.FormulaName == FormulaName && other.Result.Equals(Result) && other.Arity == Arity;

    public override int GetHashCode() => FormulaName.GetHashCode();
}

/// <summary>The shapes that an elementwise op can spread over its rows and columns.</summary>
internal static class Spread
{
    /// <summary>How an input of one shape is read over a space.</summary>
    public static SpreadKind Kind(Shape shape, Shape space)
    {
        if (shape.Equals(space) || (shape.Rows == space.Rows && shape.LastExtent == space.LastExtent))
        {
            return SpreadKind.Element;
        }

        if (shape.Count == Extent.One)
        {
            return SpreadKind.Single;
        }

        if (shape.LastExtent == Extent.One && shape.Rows == space.Rows)
        {
            return SpreadKind.Row;
        }

        return shape.Rows == Extent.One && shape.LastExtent == space.LastExtent ? SpreadKind.Column : SpreadKind.None;
    }

    public static void Check(Shape shape, Shape space)
    {
        if (Kind(shape, space) == SpreadKind.None)
        {
            throw new GraphException($"{shape} does not spread over {space}");
        }
    }
}

/// <summary>One value an element, a row, a column, or for all.</summary>
internal enum SpreadKind
{
    None,
    Element,
    Row,
    Column,
    Single,
}

internal static class FormulaSyntax
{
    /// <summary>Applies a formula over a shape.</summary>
    public static Value Formula(this GraphBuilder g, string name, Shape shape, Func<Scalar[], Scalar> make, params Value[] inputs) =>
        g.Apply(new FormulaOp(name, shape, make, inputs.Length), inputs);

    /// <summary>The same numbers in memory of their own.</summary>
    public static Value Copy(this GraphBuilder g, Value x) => g.Formula("copy", x.Shape, static a => a[0], x);
}
