using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace ModelCompiler.Gpu;

/// <summary>
/// The products of a model that cuBLAS makes: a handle on the model's stream with a workspace of its own, so that nothing is allocated and the same shape has the same bits in
/// every step, and room for sums that formulas are applied to. Where cuBLAS fails, it is said once, and kernels of this project make them all.
/// </summary>
internal sealed class CublasProducts : IDisposable
{
    /// <summary>NVIDIA's advice for its largest devices; the algorithm depends on it.</summary>
    public const int WorkspaceBytes = 32 << 20;

    /// <summary>Sums that wait for formulas at a time: few enough to stay in a large device's cache.</summary>
    public const int MostSums = 8 << 20;

    // Rows of a piece fill tiles.
    private const int RowsOfTile = 128;

    private readonly Dictionary<ProductShape, bool> _chosen = [];
    private readonly GpuContext _context;
    private readonly ICublas _library;
    private readonly Action<string> _say;
    private readonly GpuArena _memory;
    private readonly nint _handle;
    private readonly int _mostSums;

    private CublasProducts(GpuContext context, ICublas library, Action<string> say, int mostSums)
    {
        (_context, _library, _say, _mostSums) = (context, library, say, mostSums);
        _memory = new GpuArena(context, Bytes);
        using var binding = context.Accelerator.BindScoped();
        IsWorking = Works(library.Create(out _handle))
            && Works(library.SetStream(_handle, (context.Stream as CudaStream)?.StreamPtr ?? 0))
            && Works(library.SetWorkspace(_handle, _memory.View.LoadEffectiveAddressAsPtr(), WorkspaceBytes))
            && Works(library.SetMathMode(_handle, CublasMath.SumsInFloat32));
    }

    /// <summary>False: cuBLAS has failed, and makes no products any more.</summary>
    public bool IsWorking { get; private set; }

    /// <summary>Calls that were made for products; pieces count each.</summary>
    public long Products { get; private set; }

    /// <summary>Bytes on the device.</summary>
    public long Bytes => WorkspaceBytes + ((long)_mostSums * sizeof(float));

    /// <summary>Null: the device's products are all made by kernels of this project.</summary>
    /// <param name="say">Told once why cuBLAS does not work, if it is there and does not.</param>
    /// <param name="mostSums">Not <see cref="MostSums"/> only in tests.</param>
    public static CublasProducts? Of(GpuContext context, Action<string> say, int mostSums = MostSums)
    {
        var device = context.Device;
        var library = !device.UsesCublas ? null : device.Cublas ?? (device is { Kind: GpuKind.Cuda, Log: null } ? CublasLoader.Found.Library : null);
        return library is null ? null : new CublasProducts(context, library, say, mostSums);
    }

    /// <summary>Makes a product. False: it was not made, and another way is better.</summary>
    public bool Run<TEpilogue, MA, MB, MC>(in MatrixProduct<MA, MB, MC> p, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix
    {
        var hasEpilogue = typeof(TEpilogue) != typeof(NoEpilogue);
        var shape = ProductShape.Of(in p, _context.UsesTf32, hasEpilogue);
        if (!IsWorking || !Chooses(in shape) || !Fits(in p, hasEpilogue))
        {
            return false;
        }

        var (elementsA, elementsB) = (Rounded(shape.A, p.Rows, p.Inner), Rounded(shape.B, p.Inner, p.Columns));
        if (2 * (elementsA + elementsB) > _context.ScratchBytes)
        {
            throw new InvalidOperationException($"{shape} takes {2 * (elementsA + elementsB)} bytes of scratch memory, of which there are {_context.ScratchBytes}.");
        }

        var a = Factor(p.A, shape.A, Stored(p.TransposeA, p.Rows, p.Inner), p.StrideA, p.TransposeA, 0);
        var b = Factor(p.B, shape.B, Stored(p.TransposeB, p.Inner, p.Columns), p.StrideB, p.TransposeB, elementsA);
        var compute = shape.A == ProductElement.Tf32 ? CublasCompute.Tf32 : CublasCompute.Float32;
        if (!hasEpilogue)
        {
            var c = new CublasMatrix(p.C.Pointer, MC.IsWide ? CublasType.Float32 : CublasType.BFloat16, p.StrideC);
            return Multiply(CublasProduct.OfRows(p.Rows, p.Columns, p.Inner, a, b, c, p.Accumulate, compute));
        }

        var sums = _memory.View.SubView(WorkspaceBytes / sizeof(float), _mostSums);
        var most = RowsOfPiece(p.Columns);
        for (var row = 0; row < p.Rows; row += most)
        {
            var rows = Math.Min(most, p.Rows - row);
            var c = new CublasMatrix(sums.LoadEffectiveAddressAsPtr(), CublasType.Float32, p.Columns);
            if (!Multiply(CublasProduct.OfRows(rows, p.Columns, p.Inner, From(a, row), b, c, accumulate: false, compute)))
            {
                return row == 0 ? false : throw new InvalidOperationException($"{_library.Name} failed in the middle of a product, {shape}: what it was to give is lost.");
            }

            ProductEnd.Run(_context, sums, in p, epilogue, row, rows);
        }

        return true;
    }

    public void Dispose()
    {
        using (var binding = _context.Accelerator.BindScoped())
        {
            if (_handle != 0)
            {
                _ = _library.Destroy(_handle);
            }
        }

        _memory.Dispose();
    }

    private bool Chooses(in ProductShape shape)
    {
        if (!_chosen.TryGetValue(shape, out var isChosen))
        {
            _chosen.Add(shape, isChosen = _context.Device.Products?.PrefersCublas(in shape) ?? ProductRule.PrefersCublas(in shape));
        }

        return isChosen;
    }

    // Which types go together is cuBLAS's choice. Nothing is asked that changes while a model trains: a shape would not have the same bits in every step.
    private bool Fits<MA, MB, MC>(in MatrixProduct<MA, MB, MC> p, bool hasEpilogue)
        where MA : struct, IMatrix
        where MB : struct, IMatrix
        where MC : struct, IMatrix => MA.IsWide == MB.IsWide && !MC.IsRounded && (!MA.IsWide || MC.IsWide || hasEpilogue) && (!hasEpilogue || p.Columns <= _mostSums);

    // Rounded floats are stored in 16 bits first, without what lies between their rows: cuBLAS reads only what it multiplies.
    private CublasMatrix Factor<M>(M matrix, ProductElement element, (int Rows, int Columns) stored, int stride, bool isTransposed, long scratch)
        where M : struct, IMatrix
    {
        var operation = isTransposed ? CublasOperation.Transpose : CublasOperation.None;
        if (element != ProductElement.Rounded)
        {
            return new(matrix.Pointer, element == ProductElement.BFloat16 ? CublasType.BFloat16 : CublasType.Float32, stride, operation);
        }

        var rounded = _context.Scratch.Cast<BFloat16>().SubView(scratch, (long)stored.Rows * stored.Columns);
        RoundedCopy.Run(_context, matrix, stored.Rows, stored.Columns, stride, rounded);
        return new(rounded.LoadEffectiveAddressAsPtr(), CublasType.BFloat16, stored.Columns, operation);
    }

    private bool Multiply(in CublasProduct product)
    {
        _context.Launches++;
        Products++;
        if (_context.Recorded is { } recorded)
        {
            Record(recorded, product);
            return true;
        }

        using var binding = _context.Accelerator.BindScoped();
        var works = Works(_library.Multiply(_handle, in product));
        _context.Launched?.Invoke(FormattableString.Invariant($"cuBLAS {product.Columns} x {product.Rows} x {product.Inner}"));
        return works;
    }

    private void Record(List<Action> recorded, CublasProduct product) => recorded.Add(() => Works(_library.Multiply(_handle, in product)));

    private bool Works(int code)
    {
        if (code != 0)
        {
            IsWorking = false;
            var words = _library.Words(code);
            _say(FormattableString.Invariant($"Products are made by kernels of this project: {_library.Name} returns {code}{(words.Length == 0 ? "" : $", {words}")}."));
        }

        return code == 0;
    }

    private int RowsOfPiece(int columns)
    {
        var rows = _mostSums / columns;
        return rows < RowsOfTile ? rows : rows / RowsOfTile * RowsOfTile;
    }

    // Rows of A and of the result from one on.
    private static CublasMatrix From(CublasMatrix a, int row) => a with
    {
        Address = a.Address + (nint)((a.Operation == CublasOperation.Transpose ? row : (long)row * a.Stride) * (a.Type == CublasType.BFloat16 ? 2 : sizeof(float))),
    };

    private static (int Rows, int Columns) Stored(bool isTransposed, int rows, int columns) => isTransposed ? (columns, rows) : (rows, columns);

    // Elements of scratch memory.
    private static long Rounded(ProductElement element, long rows, long columns) => element == ProductElement.Rounded ? Gemm.RoundedElements(rows * columns) : 0;
}
