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

/// <summary>The same of matrices that are stored as <see cref="BFloat16"/> or rounded to it when they are read. Sums are floats.</summary>
/// <typeparam name="TA">float, <see cref="BFloat16"/> or <see cref="RoundedFloat"/>.</typeparam>
/// <typeparam name="TB">The same.</typeparam>
/// <typeparam name="TC">float or <see cref="BFloat16"/>; only to floats something can be added.</typeparam>
public unsafe struct MatrixProduct<TA, TB, TC>
    where TA : unmanaged
    where TB : unmanaged
    where TC : unmanaged
{
    public TA* A;
    public TB* B;
    public TC* C;

    /// <summary>Elements from one stored row to the next.</summary>
    public nint StrideA, StrideB, StrideC;

    public int Rows, Columns, Inner;

    /// <summary>A is stored [Inner, Rows].</summary>
    public bool TransposeA;

    /// <summary>B is stored [Columns, Inner].</summary>
    public bool TransposeB;

    public bool Accumulate;

    internal static MatrixProduct<float, float, float> Of(in MatrixProduct p) => new()
    {
        A = p.A,
        B = p.B,
        C = p.C,
        StrideA = p.StrideA,
        StrideB = p.StrideB,
        StrideC = p.StrideC,
        Rows = p.Rows,
        Columns = p.Columns,
        Inner = p.Inner,
        TransposeA = p.TransposeA,
        TransposeB = p.TransposeB,
        Accumulate = p.Accumulate,
    };
}
