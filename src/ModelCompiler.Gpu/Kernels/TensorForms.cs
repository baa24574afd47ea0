using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>Which products and which attention tensor cores can take.</summary>
internal static class TensorForms
{
    /// <summary>Whether the matrices lie such that 16 bytes are always inside or outside as a whole, and aligned.</summary>
    public static bool Take<MA, MB, MC>(in MatrixProduct<MA, MB, MC> p)
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        // Elements that are copied at once, whether rounded on the way or not.
        var mask = MA.IsWide ? 3 : 7;
        var (nextA, nextB) = (p.TransposeA ? p.Rows : p.Inner, p.TransposeB ? p.Inner : p.Columns);
        return ((nextA | p.StrideA | nextB | p.StrideB) & mask) == 0 && p.A.IsAligned && p.B.IsAligned;
    }

    /// <summary>The same of attention: heads of 128 channels at most, whose tokens are of 16 bits.</summary>
    public static bool Take<M>(in AttentionArguments<M> a)
        where M : struct, IMatrix => !M.IsWide && !M.IsRounded && a.HeadWidth <= 128 && ((a.HeadWidth | a.QueryStride | a.KeyStride | a.ValueStride) & 7) == 0
            && a.Query.IsAligned && a.Key.IsAligned && a.Value.IsAligned;

    /// <summary>Whether a view begins at a multiple of 16 bytes of its buffer; buffers begin at one. Asked of every launch: nothing is boxed.</summary>
    public static bool IsAligned<T>(T view)
        where T : struct, IContiguousArrayView => (view.IndexInBytes & 15) == 0;
}
