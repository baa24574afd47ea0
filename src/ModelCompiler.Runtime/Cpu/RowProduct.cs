using System.Runtime.CompilerServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>
/// Products of few rows with a matrix that is stored by columns, as weights are: B is read once where it lies, which is all that such a product costs. A task has some columns, each of
/// whose sums runs over the inner dimension in the lanes of four vectors: neither threads nor other rows change its bits.
/// </summary>
internal static unsafe class RowProduct
{
    /// <summary>Rows above which packing B is worth its while.</summary>
    public const int MostRows = 8;

    // Columns of a task.
    private const int Columns = 32;

    public static bool Takes<TA, TB, TC>(in MatrixProduct<TA, TB, TC> p)
        where TA : unmanaged
        where TB : unmanaged
        where TC : unmanaged => p.Rows <= MostRows && p.TransposeB && !p.TransposeA;

    public static void Run<E, TA, TB, TC>(CpuContext context, in MatrixProduct<TA, TB, TC> product, E epilogue)
        where E : unmanaged, IEpilogue
        where TA : unmanaged
        where TB : unmanaged
        where TC : unmanaged
    {
        var job = new Job<E, TA, TB, TC> { Product = product, Epilogue = epilogue };
        context.Team.Run((product.Columns + Columns - 1) / Columns, context.Set switch
        {
            InstructionSet.Vector512 => &Body<E, Simd512, TA, TB, TC>,
            InstructionSet.Vector256 => &Body<E, Simd256, TA, TB, TC>,
            _ => &Body<E, Simd128, TA, TB, TC>,
        }, &job);
    }

    private static void Body<E, V, TA, TB, TC>(void* state, int chunk, int worker)
        where E : unmanaged, IEpilogue
        where V : unmanaged, ISimd<V>
        where TA : unmanaged
        where TB : unmanaged
        where TC : unmanaged
    {
        ref var job = ref *(Job<E, TA, TB, TC>*)state;
        ref readonly var p = ref job.Product;
        var sums = stackalloc float[MostRows * Columns];
        var first = chunk * Columns;
        var count = Math.Min(Columns, p.Columns - first);
        for (var column = 0; column < count; column++)
        {
            var b = p.B + ((first + column) * p.StrideB);
            for (var row = 0; row < p.Rows; row++)
            {
                sums[(row * Columns) + column] = Dot<V, TA, TB>(p.A + (row * p.StrideA), b, p.Inner);
            }
        }

        var epilogue = job.Epilogue;
        for (var row = 0; row < p.Rows; row++)
        {
            for (var column = 0; column < count; column += V.Lanes)
            {
                var n = Math.Min(V.Lanes, count - column);
                var c = p.C + (row * p.StrideC) + first + column;
                var value = V.Load(sums + (row * Columns) + column, n);
                value = p.Accumulate ? Element<TC>.Load<V>(c, n) + value : value;
                Element<TC>.Store(c, E.IsIdentity ? value : epilogue.Apply(value, row, first + column, n), n);
            }
        }
    }

    // One stream of memory, which processors read ahead of, and four chains of additions.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot<V, TA, TB>(TA* a, TB* b, int inner)
        where V : unmanaged, ISimd<V>
        where TA : unmanaged
        where TB : unmanaged
    {
        var (s0, s1, s2, s3) = (V.Zero, V.Zero, V.Zero, V.Zero);
        var k = 0;
        for (; k + (4 * V.Lanes) <= inner; k += 4 * V.Lanes)
        {
            s0 = V.MultiplyAdd(Element<TA>.Load<V>(a + k), Element<TB>.Load<V>(b + k), s0);
            s1 = V.MultiplyAdd(Element<TA>.Load<V>(a + k + V.Lanes), Element<TB>.Load<V>(b + k + V.Lanes), s1);
            s2 = V.MultiplyAdd(Element<TA>.Load<V>(a + k + (2 * V.Lanes)), Element<TB>.Load<V>(b + k + (2 * V.Lanes)), s2);
            s3 = V.MultiplyAdd(Element<TA>.Load<V>(a + k + (3 * V.Lanes)), Element<TB>.Load<V>(b + k + (3 * V.Lanes)), s3);
        }

        for (; k < inner; k += V.Lanes)
        {
            var n = Math.Min(V.Lanes, inner - k);
            s0 = V.MultiplyAdd(Element<TA>.Load<V>(a + k, n), Element<TB>.Load<V>(b + k, n), s0);
        }

        return V.Sum(s0 + s1 + (s2 + s3));
    }

    private struct Job<E, TA, TB, TC>
        where E : unmanaged, IEpilogue
        where TA : unmanaged
        where TB : unmanaged
        where TC : unmanaged
    {
        public MatrixProduct<TA, TB, TC> Product;
        public E Epilogue;
    }
}
