namespace ModelCompiler.Runtime.Cpu;

/// <summary>C [Rows, Columns] = op(A) [Rows, Inner] op(B) [Inner, Columns], added to what is there where <see cref="Accumulate"/>.</summary>
public unsafe struct MatrixProduct
{
    public float* A, B, C;

    /// <summary>Floats from one stored row to the next.</summary>
    public nint StrideA, StrideB, StrideC;

    public int Rows, Columns, Inner;

    /// <summary>A is stored [Inner, Rows].</summary>
    public bool TransposeA;

    /// <summary>B is stored [Columns, Inner].</summary>
    public bool TransposeB;

    public bool Accumulate;
}
