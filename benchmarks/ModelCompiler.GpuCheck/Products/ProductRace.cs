using ILGPU;
using ModelCompiler.Gpu;
using ModelCompiler.GpuCheck.Speed;

namespace ModelCompiler.GpuCheck.Products;

/// <summary>One product in both ways on one device: the seconds of each, and how far their results are apart.</summary>
internal sealed class ProductRace : IDisposable
{
    private const int Checked = 1 << 16;

    // Numbers of a matrix that differ; a prime, so that rows differ.
    private const int Different = 1_000_003;

    // Of the time that each way is measured for.
    private const double SecondsOfForm = 0.1;

    private static readonly int[] s_parts = [1, 2, 3, 4, 5, 6, 8, 11, 16];
    private readonly GpuDevice _device;
    private readonly double _seconds;
    private readonly GpuArena _a, _b, _bias;
    private readonly GpuContext _own;
    private readonly ProductShape _shape;

    /// <param name="seconds">That each way is measured for.</param>
    public ProductRace(GpuDevice device, in ProductShape shape, double seconds)
    {
        (_device, _shape, _seconds) = (device, shape, seconds);
        _own = new GpuContext(device.With(UsesTf32, usesCublas: false, (ProductTable?)null));
        Reserve(_own);
        _a = Random(shape.A, (long)shape.Rows * shape.Inner, 1);
        _b = Random(shape.B, (long)shape.Inner * shape.Columns, 2);
        _bias = Random(ProductElement.Float32, shape.Columns, 3);
    }

    /// <summary>
    /// How far results may be apart. Sums grow with the root of their number: so do what is rounded of terms and of results, while additions of floats
    /// round sums of that size as many times.
    /// </summary>
    public double Tolerance => (Math.Sqrt(_shape.Inner) * (_shape.C == ProductElement.BFloat16 ? 4e-3 : UsesTf32 ? 1e-3 : 2e-6)) + (_shape.Inner * 5e-8);

    /// <summary>The form that this project's kernels choose.</summary>
    public ProductForm Chosen => _own.FormOf(_shape.Rows, _shape.Columns, _shape.Inner, IsByTensorCores, IsWide);

    private bool IsWide => _shape.A is ProductElement.Float32 or ProductElement.Tf32;

    private bool IsByTensorCores => _own.HasTensorCores && _shape.A != ProductElement.Float32;

    private bool UsesTf32 => _shape.A == ProductElement.Tf32;

    public (ProductTime Time, double Apart) Run()
    {
        var (own, ofOwn) = Run(_seconds);
        var only = new ProductTable(ProductTable.Current, _device.Name, "", [new(_shape, 2, 1)]);
        using var context = new GpuContext(_device.With(UsesTf32, usesCublas: true, only));
        Reserve(context);
        var before = context.Cublas?.Products;
        var (cublas, ofCublas) = Run(context, _seconds);
        if (context.Cublas is not { IsWorking: true } || context.Cublas.Products == before)
        {
            throw new InvalidOperationException($"cuBLAS did not make {_shape}.");
        }

        return (new ProductTime(_shape, 1e6 * own, 1e6 * cublas), ofOwn.Zip(ofCublas, static (x, y) => Math.Abs((double)x - y)).Max());
    }

    /// <summary>Seconds of each form of this project's kernels.</summary>
    public IEnumerable<(ProductForm Form, double Seconds)> Forms()
    {
        var all = ProductForms.Of(_shape.Rows, _shape.Columns, _shape.Inner, IsByTensorCores, _own.Sums.Length, _own.Device.MostShared);
        foreach (var form in all.Where(static f => s_parts.Contains(f.Parts)))
        {
            _own.Form = form;
            yield return (form, Run(SecondsOfForm * _seconds).Seconds);
        }

        _own.Form = null;
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _bias.Dispose();
        _own.Dispose();
    }

    private void Reserve(GpuContext context) => context.ReserveScratch(Gemm.RoundedBytes(_shape.Rows, _shape.Inner) + Gemm.RoundedBytes(_shape.Columns, _shape.Inner));

    private (double Seconds, float[] Result) Run(double seconds) => Run(_own, seconds);

    private (double Seconds, float[] Result) Run(GpuContext context, double seconds) => _shape.A switch
    {
        ProductElement.BFloat16 => RunB<NarrowMatrix>(context, seconds),
        ProductElement.Rounded => RunB<RoundedMatrix>(context, seconds),
        _ => RunC<FloatMatrix, FloatMatrix>(context, seconds),
    };

    private (double Seconds, float[] Result) RunB<MA>(GpuContext context, double seconds)
        where MA : struct, IMatrix => _shape.B == ProductElement.BFloat16 ? RunC<MA, NarrowMatrix>(context, seconds) : RunC<MA, RoundedMatrix>(context, seconds);

    private (double Seconds, float[] Result) RunC<MA, MB>(GpuContext context, double seconds)
        where MA : struct, IMatrix
        where MB : struct, IMatrix => _shape.C == ProductElement.BFloat16 ? Time<MA, MB, NarrowMatrix>(context, seconds) : Time<MA, MB, FloatMatrix>(context, seconds);

    private (double Seconds, float[] Result) Time<MA, MB, MC>(GpuContext context, double time)
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        _own.Synchronize();
        using var c = new GpuArena(context, (long)_shape.Rows * _shape.Columns * sizeof(float));
        MatrixProduct<MA, MB, MC> p = default;
        (p.A, p.B, p.C) = (Matrix<MA>(_a.View), Matrix<MB>(_b.View), Matrix<MC>(c.View));
        (p.Rows, p.Columns, p.Inner, p.TransposeA, p.TransposeB) = (_shape.Rows, _shape.Columns, _shape.Inner, _shape.TransposeA, _shape.TransposeB);
        (p.StrideA, p.StrideB, p.StrideC) = (p.TransposeA ? p.Rows : p.Inner, p.TransposeB ? p.Inner : p.Columns, p.Columns);
        var seconds = Timing.Best(context, time, () =>
        {
            if (_shape.Epilogue)
            {
                Gemm.Run(context, in p, new Bias { Values = _bias.View });
            }
            else
            {
                Gemm.Run(context, in p, default(NoEpilogue));
            }
        });
        return (seconds, Result(context, c.View, typeof(MC) == typeof(NarrowMatrix)));
    }

    // The first rows and the last: tiles and pieces end there.
    private float[] Result(GpuContext context, ArrayView<float> c, bool isNarrow)
    {
        var all = (long)_shape.Rows * _shape.Columns;
        var count = (int)Math.Min(Checked, all);
        if (isNarrow)
        {
            var narrow = new BFloat16[2 * count];
            context.Download(c.Cast<BFloat16>().SubView(0, count), narrow.AsSpan(0, count));
            context.Download(c.Cast<BFloat16>().SubView(all - count, count), narrow.AsSpan(count));
            return Array.ConvertAll(narrow, static v => (float)v);
        }

        var values = new float[2 * count];
        context.Download(c.SubView(0, count), values.AsSpan(0, count));
        context.Download(c.SubView(all - count, count), values.AsSpan(count));
        return values;
    }

    private static M Matrix<M>(ArrayView<float> view)
        where M : struct, IMatrix => default(M) switch
        {
            NarrowMatrix => (M)(object)new NarrowMatrix(view.Cast<BFloat16>()),
            RoundedMatrix => (M)(object)new RoundedMatrix(view),
            _ => (M)(object)new FloatMatrix(view),
        };

    private GpuArena Random(ProductElement element, long count, int seed)
    {
        var random = new Random(seed);
        var arena = new GpuArena(_own, count * sizeof(float));
        var values = Array.ConvertAll(new float[Math.Min(count, Different)], _ => random.NextSingle() - 0.5f);
        var narrow = element == ProductElement.BFloat16 ? Array.ConvertAll(values, static v => (BFloat16)v) : [];
        for (var at = 0L; at < count; at += values.Length)
        {
            var length = (int)Math.Min(values.Length, count - at);
            if (element == ProductElement.BFloat16)
            {
                _own.Upload(arena.View.Cast<BFloat16>().SubView(at, length), narrow.AsSpan(0, length));
            }
            else
            {
                _own.Upload(arena.View.SubView(at, length), values.AsSpan(0, length));
            }
        }

        return arena;
    }

    /// <summary>What stands for all formulas.</summary>
    internal struct Bias : IEpilogue
    {
        public ArrayView<float> Values;

        public readonly float Apply(float value, int row, int column) => value + Values[column];
    }
}
