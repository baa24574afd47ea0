using ModelCompiler.Compiler.Ir.Kernels;

namespace ModelCompiler.Testing;

/// <summary>Lengths of sums, which tolerances depend on.</summary>
internal static class Sums
{
    /// <summary>Terms of the longest sum of a program.</summary>
    public static long LongestSum(this Program program, int batch, int length) => program.Launches.Max(launch => launch.Kernel switch
    {
        RowKernel k => k.Steps.Max(s => s switch
        {
            RowStep.Reduce { IsMax: false } => k.Columns.At(batch, length),
            RowStep.ColumnSum or RowStep.RowTotal => k.Rows.At(batch, length),
            _ => 1,
        }),
        MatMulKernel k => k.Inner.At(batch, length),
        AttentionKernel k => Math.Max(k.Keys.At(batch, length), k.HeadWidth),
        PairKernel k => Math.Max(k.Pairs.At(batch, length) + k.Queued.At(batch, length), k.Width),
        EmbeddingGradientKernel k => k.Rows.At(batch, length),
        _ => 1,
    });
}
