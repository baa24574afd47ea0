using System.Text.Json.Serialization;

namespace ModelCompiler.Gpu;

/// <summary>How elements of a matrix are stored and multiplied.</summary>
internal enum ProductElement
{
    Float32,

    /// <summary>Floats that are rounded to 10 bits of mantissa when they are multiplied.</summary>
    Tf32,

    [JsonStringEnumMemberName("bfloat16")]
    BFloat16,

    /// <summary>Floats that are rounded to 16 bits when they are read.</summary>
    Rounded,
}

/// <summary>All of a product that a choice between two ways to make it may depend on: the same shape is made in the same way in every step.</summary>
/// <param name="Rows">Of C [Rows, Columns] = op(A) [Rows, Inner] op(B) [Inner, Columns].</param>
/// <param name="TransposeA">A is stored [Inner, Rows].</param>
/// <param name="TransposeB">B is stored [Columns, Inner].</param>
/// <param name="Epilogue">Formulas are applied to the sums.</param>
[method: JsonConstructor]
internal readonly record struct ProductShape(
    int Rows, int Columns, int Inner, bool TransposeA, bool TransposeB, ProductElement A, ProductElement B, ProductElement C, bool Epilogue)
{
    public static ProductShape Of<MA, MB, MC>(in MatrixProduct<MA, MB, MC> p, bool usesTf32, bool hasEpilogue)
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix =>
        new(p.Rows, p.Columns, p.Inner, p.TransposeA, p.TransposeB, Element<MA>(usesTf32), Element<MB>(usesTf32), Element<MC>(usesTf32: false), hasEpilogue);

    /// <summary>Whether only sizes differ.</summary>
    public bool IsLike(in ProductShape other) => this with { Rows = other.Rows, Columns = other.Columns, Inner = other.Inner } == other;

    public override string ToString() => FormattableString.Invariant(
        $"{Rows} x {Columns} x {Inner}{(TransposeA ? ", A transposed" : "")}{(TransposeB ? ", B transposed" : "")}, {A} x {B} to {C}{(Epilogue ? " with an epilogue" : "")}");

    private static ProductElement Element<M>(bool usesTf32)
        where M : struct, IMatrix => M.IsRounded ? ProductElement.Rounded : !M.IsWide ? ProductElement.BFloat16 : usesTf32 ? ProductElement.Tf32 : ProductElement.Float32;
}
