using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>C [Rows, Columns] = op(A) [Rows, Inner] op(B) [Inner, Columns], added to what is there where <see cref="Accumulate"/>.</summary>
public struct MatrixProduct
{
    public ArrayView<float> A, B, C;

    /// <summary>Floats from one stored row to the next.</summary>
    public int StrideA, StrideB, StrideC;

    public int Rows, Columns, Inner;

    /// <summary>A is stored [Inner, Rows].</summary>
    public bool TransposeA;

    /// <summary>B is stored [Columns, Inner].</summary>
    public bool TransposeB;

    public bool Accumulate;
}

/// <summary>The same of matrices that are stored otherwise, or rounded when they are read.</summary>
public struct MatrixProduct<TA, TB, TC>
    where TA : struct, IMatrix
    where TB : struct, IMatrix
    where TC : struct, IMatrix
{
    public TA A;
    public TB B;
    public TC C;

    /// <summary>Elements from one stored row to the next.</summary>
    public int StrideA, StrideB, StrideC;

    public int Rows, Columns, Inner;

    /// <summary>A is stored [Inner, Rows].</summary>
    public bool TransposeA;

    /// <summary>B is stored [Columns, Inner].</summary>
    public bool TransposeB;

    public bool Accumulate;
}

/// <summary>What becomes of a product's sums before they are stored. A struct: each has a kernel of its own.</summary>
public interface IEpilogue
{
    /// <summary>The result of an element, of which <paramref name="value"/> is the sum.</summary>
    float Apply(float value, int row, int column);
}

/// <summary>The sums are the result.</summary>
public struct NoEpilogue : IEpilogue
{
    public readonly float Apply(float value, int row, int column) => value;
}
