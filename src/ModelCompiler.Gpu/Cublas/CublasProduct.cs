namespace ModelCompiler.Gpu;

/// <summary>C [Rows, Columns] = op(A) [Rows, Inner] op(B) [Inner, Columns] + Beta C, all column by column: the arguments of cublasGemmEx but for the factor of 1 and the algorithm.</summary>
internal readonly record struct CublasProduct
{
    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required int Inner { get; init; }

    public required CublasMatrix A { get; init; }

    public required CublasMatrix B { get; init; }

    public required CublasMatrix C { get; init; }

    /// <summary>0, where C may hold anything, or 1.</summary>
    public required float Beta { get; init; }

    public required CublasCompute Compute { get; init; }

    /// <summary>
    /// A product of matrices that lie row by row: column by column they are the transposed ones, and the transposed result is the product of the
    /// transposed factors in the other order.
    /// </summary>
    public static CublasProduct OfRows(int rows, int columns, int inner, CublasMatrix a, CublasMatrix b, CublasMatrix c, bool accumulate, CublasCompute compute) => new()
    {
        Rows = columns,
        Columns = rows,
        Inner = inner,
        A = b,
        B = a,
        C = c,
        Beta = accumulate ? 1f : 0f,
        Compute = compute,
    };
}

/// <summary>A matrix in a device's memory.</summary>
/// <param name="Stride">Elements from one column to the next; of rows, where it lies row by row.</param>
internal readonly record struct CublasMatrix(nint Address, CublasType Type, int Stride, CublasOperation Operation = CublasOperation.None);

/// <summary>cublasOperation_t.</summary>
internal enum CublasOperation
{
    None = 0,
    Transpose = 1,
}

/// <summary>cudaDataType_t.</summary>
internal enum CublasType
{
    Float32 = 0,
    BFloat16 = 14,
}

/// <summary>cublasComputeType_t.</summary>
internal enum CublasCompute
{
    /// <summary>Sums are floats, and so are products of floats.</summary>
    Float32 = 68,

    /// <summary>Floats are rounded to 10 bits of mantissa before they are multiplied.</summary>
    Tf32 = 77,
}

/// <summary>cublasMath_t.</summary>
internal enum CublasMath
{
    /// <summary>Parts of sums that different groups made are added up as floats, also where the result has 16 bits.</summary>
    SumsInFloat32 = 16,
}
