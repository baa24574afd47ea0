using ModelCompiler.Compiler.Ir.Graphs;

namespace ModelCompiler.Compiler.Ir.Scalars;

/// <summary>A whole number that addresses memory: the same for all columns of a row.</summary>
internal abstract class Position
{
    private Position()
    {
    }

    /// <summary>The row that the kernel is at.</summary>
    public static Position Row { get; } = new RowIndex();

    /// <summary>The step of the enclosing fold.</summary>
    public static Position Step { get; } = new StepIndex();

    public static implicit operator Position(int value) => new Constant(value);

    public static Position operator +(Position a, Position b) => new Binary('+', a, b);

    public static Position operator -(Position a, Position b) => new Binary('-', a, b);

    public static Position operator *(Position a, Position b) => new Binary('*', a, b);

    public static Position operator /(Position a, Position b) => new Binary('/', a, b);

    public static Position operator %(Position a, Position b) => new Binary('%', a, b);

    public static Position Of(Extent extent) => new Size(extent);

    public sealed class RowIndex : Position;

    public sealed class StepIndex : Position;

    public sealed class Constant(long value) : Position
    {
        public long Value { get; } = value;
    }

    /// <summary>A size that may depend on batch and lengths.</summary>
    public sealed class Size(Extent extent) : Position
    {
        public Extent Extent { get; } = extent;
    }

    /// <summary>Sum, difference, product, quotient (towards zero) or remainder.</summary>
    public sealed class Binary(char symbol, Position left, Position right) : Position
    {
        public char Symbol { get; } = symbol;

        public Position Left { get; } = left;

        public Position Right { get; } = right;
    }

    /// <summary>An element of an operand of whole numbers.</summary>
    public sealed class Element(int operand, Position at) : Position
    {
        public int Operand { get; } = operand;

        public Position At { get; } = at;
    }
}
