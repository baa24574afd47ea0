using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Scalars;

namespace ModelCompiler.Compiler.Ir.Kernels;

/// <summary>A buffer that a kernel reads or writes.</summary>
/// <param name="Name">Name of the tensor it was first launched with.</param>
/// <param name="IsOutput">The kernel writes it.</param>
/// <param name="Adds">The output is a part of a parameter's gradient: it may have to be added to what is there.</param>
internal sealed record Operand(string Name, Shape Shape, ElementType Type, bool IsOutput, bool Adds = false);

/// <summary>What one launch computes. A back end prints it; the interpreter runs it. Neither sees an op.</summary>
internal abstract class Kernel(string name, IReadOnlyList<Operand> operands)
{
    public string Name { get; } = name;

    public IReadOnlyList<Operand> Operands { get; } = operands;

    /// <summary>Whether its length is that of the second text. A kernel has one length: features, which have none, are all that two texts have in common.</summary>
    public bool IsOfSecond => Operands.Any(static o => o.Shape.Count.SecondPower > 0);

    /// <summary>Numbers of the operands that are written, in the order in which an element of them is.</summary>
    public virtual IEnumerable<int> Writes => Enumerable.Range(0, Operands.Count).Where(i => Operands[i].IsOutput);
}

/// <summary>Loops over rows, each row's columns in one pass for each level of reductions.</summary>
/// <param name="rows">Number of rows.</param>
/// <param name="columns">Columns of a row; 1 where every value is one a row. May depend on the batch (similarities of its pairs).</param>
/// <param name="steps">What to compute, in an order in which it can be.</param>
internal sealed class RowKernel(string name, IReadOnlyList<Operand> operands, Extent rows, Extent columns, IReadOnlyList<RowStep> steps) : Kernel(name, operands)
{
    public Extent Rows { get; } = rows;

    public Extent Columns { get; } = columns;

    /// <summary>Whether rows have columns to loop over.</summary>
    public bool IsVector => Columns != Extent.One;

    public IReadOnlyList<RowStep> Steps { get; } = steps;

    // Elements loop by loop, then what is one a row, then sums over rows.
    public override IEnumerable<int> Writes
    {
        get
        {
            var levels = new RowLevels(this);
            return
            [
                .. Steps.OfType<RowStep.Store>().OrderBy(levels.Of).Select(static s => s.Operand),
                .. Steps.OfType<RowStep.StoreRow>().Select(static s => s.Operand),
                .. Steps.Select(static s => s switch { RowStep.ColumnSum c => c.Operand, RowStep.RowTotal t => t.Operand, _ => -1 }).Where(static o => o >= 0),
            ];
        }
    }
}

/// <summary>One thing that a row kernel does.</summary>
internal abstract record RowStep(Scalar Value)
{
    /// <summary>Sum or maximum of the value over the row's columns, under a name.</summary>
    public sealed record Reduce(string Name, bool IsMax, Scalar Value) : RowStep(Value);

    /// <summary>A value of the whole row, under a name.</summary>
    public sealed record Local(string Name, Scalar Value) : RowStep(Value);

    /// <summary>Writes an element of each column.</summary>
    public sealed record Store(int Operand, Scalar Value) : RowStep(Value);

    /// <summary>Writes one value for the row.</summary>
    public sealed record StoreRow(int Operand, Scalar Value) : RowStep(Value);

    /// <summary>Adds the element to its column's sum over all rows.</summary>
    public sealed record ColumnSum(int Operand, Scalar Value) : RowStep(Value);

    /// <summary>Adds the row's value to a sum over all rows.</summary>
    public sealed record RowTotal(int Operand, Scalar Value) : RowStep(Value);
}

/// <summary>C = f(op(A) op(B)): operand 0 is A, 1 is B; f and further stores are formulas over the sum.</summary>
/// <param name="multiplied">What the elements of A and B are rounded to before they are multiplied, however they are stored.</param>
internal sealed class MatMulKernel(
    string name, IReadOnlyList<Operand> operands, ElementType multiplied, bool transposeA, bool transposeB, Extent rows, Extent columns, Extent inner, int result, Scalar value, IReadOnlyList<RowStep.Store> extra)
    : Kernel(name, operands)
{
    public ElementType Multiplied { get; } = multiplied;

    public bool TransposeA { get; } = transposeA;

    public bool TransposeB { get; } = transposeB;

    public Extent Rows { get; } = rows;

    public Extent Columns { get; } = columns;

    public Extent Inner { get; } = inner;

    /// <summary>The operand that the product is summed in, and that gets <see cref="Value"/> at the end.</summary>
    public int Result { get; } = result;

    public Scalar Value { get; } = value;

    /// <summary>Other tensors made of the sum on the way.</summary>
    public IReadOnlyList<RowStep.Store> Extra { get; } = extra;

    /// <summary>The sum itself is the result.</summary>
    public override IEnumerable<int> Writes => Extra.Select(static s => s.Operand).Append(Result);

    public bool IsPlain => Value is Scalar.Accumulator && Extra.Count == 0;

    /// <summary>Numbers of the operands that the formulas over the sum read or write.</summary>
    public IEnumerable<int> EpilogueOperands => Extra.Select(static s => s.Operand)
        .Concat(Extra.Select(static s => s.Value).Append(Value).SelectMany(static v => v.All()).Select(static s => s switch
        {
            Scalar.Read r => r.Operand,
            Scalar.ReadColumn r => r.Operand,
            Scalar.ReadRow r => r.Operand,
            Scalar.ReadAt r => r.Operand,
            _ => -1,
        }).Where(static o => o >= 0)).Distinct().OrderBy(static o => o);
}

/// <summary>Adds rows of a gradient to the rows of a table that their ids name. Operands: gradient, ids, table's gradient.</summary>
internal sealed class EmbeddingGradientKernel(string name, IReadOnlyList<Operand> operands, Extent rows, int width, int vocabulary, int paddingId) : Kernel(name, operands)
{
    public Extent Rows { get; } = rows;

    public int Width { get; } = width;

    public int Vocabulary { get; } = vocabulary;

    public int PaddingId { get; } = paddingId;
}

/// <summary>Pictures to patches. Operands: pictures, patches.</summary>
internal sealed class PatchifyKernel(string name, IReadOnlyList<Operand> operands, int channels, int height, int width, int patchHeight, int patchWidth) : Kernel(name, operands)
{
    public int Channels { get; } = channels;

    public int Height { get; } = height;

    public int Width { get; } = width;

    public int PatchHeight { get; } = patchHeight;

    public int PatchWidth { get; } = patchWidth;
}
