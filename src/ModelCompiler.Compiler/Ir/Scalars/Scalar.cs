namespace ModelCompiler.Compiler.Ir.Scalars;

/// <summary>
/// A formula for one element, as data: an immutable tree (shared parts make it a graph) that the CPU printer, other
/// printers and the double-precision interpreter all read. Leaves say where the element's inputs come from.
/// </summary>
internal abstract class Scalar
{
    private Scalar()
    {
    }

    public static implicit operator Scalar(double value) => new Constant(value);

    public static Scalar operator +(Scalar a, Scalar b) => (a, b) switch
    {
        (Constant { Value: 0 }, _) => b,
        (_, Constant { Value: 0 }) => a,
        _ => new Call(Intrinsic.Add, a, b),
    };

    public static Scalar operator -(Scalar a, Scalar b) => b is Constant { Value: 0 } ? a : new Call(Intrinsic.Subtract, a, b);

    public static Scalar operator *(Scalar a, Scalar b) => (a, b) switch
    {
        (Constant { Value: 1 }, _) => b,
        (_, Constant { Value: 1 }) => a,
        (Constant x, Constant y) => x.Value * y.Value,
        _ => new Call(Intrinsic.Multiply, a, b),
    };

    public static Scalar operator /(Scalar a, Scalar b) => b is Constant { Value: 1 } ? a : new Call(Intrinsic.Divide, a, b);

    public static Scalar operator -(Scalar a) => new Call(Intrinsic.Negate, a);

    public static Scalar Max(Scalar a, Scalar b) => new Call(Intrinsic.Max, a, b);

    public static Scalar Abs(Scalar a) => new Call(Intrinsic.Abs, a);

    public static Scalar Sqrt(Scalar a) => new Call(Intrinsic.Sqrt, a);

    public static Scalar Exp(Scalar a) => new Call(Intrinsic.Exp, a);

    public static Scalar Log(Scalar a) => new Call(Intrinsic.Log, a);

    public static Scalar Tanh(Scalar a) => new Call(Intrinsic.Tanh, a);

    public static Scalar Sigmoid(Scalar a) => new Call(Intrinsic.Sigmoid, a);

    /// <summary>a &gt; b ? x : y.</summary>
    public static Scalar Where(Scalar a, Scalar b, Scalar x, Scalar y) => new Call(Intrinsic.Where, a, b, x, y);

    public static Scalar Of(Intrinsic function, params Scalar[] arguments) => new Call(function, arguments);

    /// <summary>The nodes right below this one.</summary>
    public virtual IReadOnlyList<Scalar> Children => [];

    /// <summary>A number.</summary>
    public sealed class Constant(double value) : Scalar
    {
        public double Value { get; } = value;
    }

    /// <summary>A function of other scalars.</summary>
    public sealed class Call(Intrinsic function, params Scalar[] arguments) : Scalar
    {
        public Intrinsic Function { get; } = function;

        public Scalar[] Arguments { get; } = arguments;

        public override IReadOnlyList<Scalar> Children => Arguments;
    }

    /// <summary>Operand at (row index, this column), its memory taken as rows of as many columns as the kernel has.</summary>
    public sealed class Read(int operand, Position row) : Scalar
    {
        public int Operand { get; } = operand;

        public Position Row { get; } = row;
    }

    /// <summary>Operand, one float a row, at a row index: the same for every column.</summary>
    public sealed class ReadRow(int operand, Position row) : Scalar
    {
        public int Operand { get; } = operand;

        public Position Row { get; } = row;
    }

    /// <summary>Operand at (row index, column index): one float for the whole row.</summary>
    public sealed class ReadAt(int operand, Position row, Position column) : Scalar
    {
        public int Operand { get; } = operand;

        public Position Row { get; } = row;

        public Position Column { get; } = column;
    }

    /// <summary>Operand, one float a column, at this column.</summary>
    public sealed class ReadColumn(int operand) : Scalar
    {
        public int Operand { get; } = operand;
    }

    /// <summary>A value that the kernel computed before for this row.</summary>
    public sealed class RowLocal(string name) : Scalar
    {
        public string Name { get; } = name;
    }

    /// <summary>The matrix product's sum for this element: only in an epilogue.</summary>
    public sealed class Accumulator : Scalar;

    /// <summary>1 where this column is the given one, else 0.</summary>
    public sealed class OneHot(Position column) : Scalar
    {
        public Position Column { get; } = column;
    }

    /// <summary>1/(1-p) where dropout keeps this element, else 0; the same in forward, backward and replay.</summary>
    /// <param name="columns">Columns of the tensor that elements are dropped of, which need not be those of the kernel's outputs.</param>
    public sealed class Keep(int site, double probability, Position row, int columns) : Scalar
    {
        public int Site { get; } = site;

        public double Probability { get; } = probability;

        public Position Row { get; } = row;

        public int Columns { get; } = columns;
    }

    /// <summary>One of two formulas by a condition on the row; the other is not evaluated.</summary>
    public sealed class ByRow(Position left, Position right, Scalar below, Scalar otherwise) : Scalar
    {
        /// <summary>The condition is <c>Left &lt; Right</c>.</summary>
        public Position Left { get; } = left;

        public Position Right { get; } = right;

        public Scalar Below { get; } = below;

        public Scalar Otherwise { get; } = otherwise;

        public override IReadOnlyList<Scalar> Children => [Below, Otherwise];
    }

    /// <summary>Sum of a formula over <see cref="Position.Step"/> = 0 .. count-1, in that order, or the greatest.</summary>
    public sealed class Fold(Position count, Scalar body, bool isMax = false) : Scalar
    {
        /// <summary>The greatest is kept instead of the sum.</summary>
        public bool IsMax { get; } = isMax;

        public Position Count { get; } = count;

        public Scalar Body { get; } = body;

        public override IReadOnlyList<Scalar> Children => [Body];
    }
}
