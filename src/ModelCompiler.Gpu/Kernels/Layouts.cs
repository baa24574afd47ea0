using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>Where a matrix's elements lie; known when a kernel is compiled.</summary>
internal interface ILayout
{
    static abstract int At(int row, int column, int stride);
}

/// <summary>Row by row.</summary>
internal struct RowMajor : ILayout
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(int row, int column, int stride) => (row * stride) + column;
}

/// <summary>Stored transposed.</summary>
internal struct ColumnMajor : ILayout
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(int row, int column, int stride) => (column * stride) + row;
}
