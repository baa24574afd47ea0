using System.Runtime.CompilerServices;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Benchmarks.Products;

/// <summary>A matrix product of a linear layer, with operands of its own.</summary>
internal sealed unsafe class ProductCase : IDisposable
{
    private readonly CpuContext _context;
    private readonly ProductKind _kind;
    private readonly Arena _a, _b, _c, _bias;
    private MatrixProduct _product;

    /// <param name="context">Its scratch memory grows to what the product needs.</param>
    /// <param name="inputs">Width of the layer's input.</param>
    /// <param name="outputs">Width of its output.</param>
    public ProductCase(CpuContext context, ProductKind kind, int tokens, int inputs, int outputs)
    {
        (_context, _kind, Inputs, Outputs) = (context, kind, inputs, outputs);
        var (rows, columns, inner) = kind switch
        {
            ProductKind.Forward => (tokens, outputs, inputs),
            ProductKind.InputGradient => (tokens, inputs, outputs),
            _ => (outputs, inputs, tokens),
        };
        (_a, _b, _c, _bias) = (Filled((long)rows * inner), Filled((long)inner * columns), Filled((long)rows * columns), Filled(columns));
        _product.A = (float*)_a.Pointer;
        _product.B = (float*)_b.Pointer;
        _product.C = (float*)_c.Pointer;
        (_product.Rows, _product.Columns, _product.Inner) = (rows, columns, inner);
        (_product.TransposeA, _product.TransposeB) = (kind == ProductKind.WeightGradient, kind == ProductKind.Forward);
        (_product.StrideA, _product.StrideB, _product.StrideC) = (_product.TransposeA ? rows : inner, _product.TransposeB ? inner : columns, columns);
        context.ReserveScratch(Gemm.SharedScratchBytes(rows, columns, inner), Gemm.WorkerScratchBytes);
        Operations = 2.0 * rows * columns * inner;
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public double Operations { get; }

    /// <summary>Computes the product: forward with its bias, as models do.</summary>
    public void Run()
    {
        if (_kind == ProductKind.Forward)
        {
            Gemm.Run(_context, in _product, new AddBias { Bias = (float*)_bias.Pointer });
        }
        else
        {
            Gemm.Run(_context, in _product, default(NoEpilogue));
        }
    }

    public void Dispose()
    {
        foreach (var arena in new[] { _a, _b, _c, _bias })
        {
            arena.Dispose();
        }
    }

    private static Arena Filled(long floats)
    {
        var arena = new Arena(floats * sizeof(float));
        var random = new Random(1);
        foreach (ref var value in new Span<float>(arena.Pointer, (int)floats))
        {
            value = random.NextSingle() - 0.5f;
        }

        return arena;
    }

    private struct AddBias : IEpilogue
    {
        public float* Bias;

        public static bool IsIdentity => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly V Apply<V>(V value, nint row, nint column, int count)
            where V : unmanaged, ISimd<V> => value + V.Load(Bias + column, count);
    }
}
