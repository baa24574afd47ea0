using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ir.Graphs;

/// <summary>What a node's output will be: name hint, shape and element type.</summary>
internal sealed record Signature(string Name, Shape Shape, ElementType Type = ElementType.Float);

/// <summary>An operation on tensors. Parameters of an op are its constructor's; two equal ops on equal inputs compute the same.</summary>
internal abstract record Op
{
    /// <summary>Name in print: <c>layer_norm</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Whether an input is of whole numbers; all others are floats.</summary>
    public virtual bool IsInteger(int input) => false;

    /// <summary>Whether the op's rule takes the gradient of an output; what is only kept for backward has none.</summary>
    public virtual bool IsDifferentiable(int output) => output == 0;

    /// <summary>Shapes of the outputs; throws <see cref="GraphException"/> for inputs that do not fit.</summary>
    public abstract IReadOnlyList<Signature> Infer(IReadOnlyList<Value> inputs);

    /// <summary>
    /// Adds the nodes that compute the gradient of each input from those of the outputs (null: none arrives) and returns
    /// them, null for inputs without one. Called only where some input needs a gradient.
    /// </summary>
    public abstract IReadOnlyList<Value?> Gradient(GraphBuilder g, IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<Value?> upstream);

    /// <summary>For ops that only gradients and expansions use: they stand behind differentiation.</summary>
    protected IReadOnlyList<Value?> NoGradient() => throw new GraphException($"{Name} has no gradient: it is made after differentiation");
}

/// <summary>An op written with simpler ops: kept whole until gradients exist, then expanded.</summary>
internal abstract record CompositeOp : Op
{
    /// <summary>Adds the nodes that compute the outputs.</summary>
    public abstract IReadOnlyList<Value> Expand(GraphBuilder g, IReadOnlyList<Value> inputs);
}

/// <summary>
/// An op over rows of columns, given by a formula for one element. Such ops fuse: with each other where they run over the
/// same rows, and into the product that makes their input.
/// </summary>
internal abstract record RowOp : Op
{
    /// <summary>The tensor whose rows and columns the op runs over.</summary>
    public virtual Shape Space(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs) => outputs[0].Shape;

    /// <summary>Whether an input is read at other rows than the one being computed, so that it must be in memory first.</summary>
    public virtual bool IsIndexed(int input) => false;

    /// <summary>What the op does with the formula's values.</summary>
    public virtual RowAction Action => RowAction.Map;

    /// <summary>The value of one element.</summary>
    public abstract Scalar Formula(RowContext c);
}

/// <summary>What becomes of the elements of a row op.</summary>
internal enum RowAction
{
    /// <summary>Each is an element of the output.</summary>
    Map,

    /// <summary>Those of a row are added.</summary>
    RowSum,

    /// <summary>The greatest of a row is kept.</summary>
    RowMax,

    /// <summary>Those of a column are added.</summary>
    ColumnSum,
}

/// <summary>Gives formulas their inputs: from memory or, fused, from the formula that makes them.</summary>
internal abstract class RowContext
{
    /// <summary>Input at this row and column; one value a row, a column or for all is spread.</summary>
    public abstract Scalar Input(int input);

    /// <summary>Columns of the rows that the op runs over, where they are known.</summary>
    public abstract int Columns { get; }

    /// <summary>Whether a row is one value.</summary>
    public abstract bool IsRow { get; }

    /// <summary>An input whose rows are read by number.</summary>
    public InputRows Rows(int input) => new(Operand(input), IsRow);

    /// <summary>Number of an input for <see cref="Scalar.Read"/> and its like.</summary>
    public abstract int Operand(int input);

    /// <summary>An integer input's element.</summary>
    public Position Integer(int input, Position position) => new Position.Element(Operand(input), position);
}

/// <summary>The rows of an input.</summary>
/// <param name="isSingle">A row is one value.</param>
internal readonly struct InputRows(int operand, bool isSingle)
{
    /// <summary>The input at a row and this column.</summary>
    public Scalar At(Position row) => isSingle ? new Scalar.ReadRow(operand, row) : new Scalar.Read(operand, row);
}

/// <summary>A graph that cannot be built; the message names op, layer and shapes.</summary>
internal sealed class GraphException(string message) : Exception(message);
