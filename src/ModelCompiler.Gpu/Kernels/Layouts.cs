using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>Where a matrix's elements lie; known when a kernel is compiled.</summary>
internal interface ILayout
{
    static abstract int At(int row, int column, int stride);

    /// <summary>Whether elements of a row are next to each other.</summary>
    static abstract bool IsByRows { get; }
}

/// <summary>Row by row.</summary>
internal struct RowMajor : ILayout
{
    public static bool IsByRows => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(int row, int column, int stride) => (row * stride) + column;
}

/// <summary>Stored transposed.</summary>
internal struct ColumnMajor : ILayout
{
    public static bool IsByRows => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(int row, int column, int stride) => (column * stride) + row;
}
