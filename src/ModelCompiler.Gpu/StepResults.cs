using ILGPU;
using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>What a device keeps of steps: the numbers of the next one, clipping's factor for the optimizer, and losses and norms until somebody reads them.</summary>
internal sealed class StepResults : IDisposable
{
    /// <summary>Steps whose results are kept: a host that is so far ahead waits.</summary>
    public const int Kept = 64;

    // The factor, whether steps have stopped, then loss and norm of each step.
    private const int Head = 2, Width = 2;
    private readonly GpuContext _context;
    private readonly GpuArena _arena;
    private readonly MemoryBuffer1D<StepNumbers, Stride1D.Dense> _numbers;
    private readonly float[] _values = new float[Width];

    public StepResults(GpuContext context) => (_context, _arena, _numbers) = (context, new GpuArena(context, Floats * sizeof(float)), context.Accelerator.Allocate1D<StepNumbers>(1));

    public static unsafe long Bytes => (Floats * sizeof(float)) + sizeof(StepNumbers);

    /// <summary>Of the step that is launched next.</summary>
    public ArrayView<StepNumbers> Numbers => _numbers.View;

    /// <summary>The factor of the gradients; negative: the step is not made.</summary>
    public ArrayView<float> Scale => _arena.View.SubView(0, 1);

    /// <summary>Keeps a loss.</summary>
    /// <param name="accumulate">It is added to the one that is there.</param>
    public void KeepLoss(ArrayView<float> loss, int slot, bool accumulate)
    {
        Arguments a = default;
        (a.Loss, a.Result, a.Accumulates) = (loss, Of(slot), accumulate ? 1 : 0);
        _context.Launch(Body, 1, 1, in a);
    }

    /// <summary>Decides whether a step is made and by which factor.</summary>
    public void Judge(ArrayView<float> squares) => StepVerdict.Run(_context, squares, Numbers, Scale, _arena.View.SubView(1, 1), _arena.View.SubView(Head, Width * Kept));

    /// <summary>Loss and norm of a step; waits for it.</summary>
    public (double Loss, double GradientNorm) Read(int slot)
    {
        _context.Download(Of(slot), _values.AsSpan());
        return (_values[0], _values[1]);
    }

    /// <summary>Steps are made again.</summary>
    public void GoOn() => _context.Upload(_arena.View.SubView(1, 1), [0f]);

    public void Dispose()
    {
        _arena.Dispose();
        _numbers.Dispose();
    }

    private static long Floats => Head + (Width * Kept);

    private ArrayView<float> Of(int slot) => _arena.View.SubView(Head + (slot * Width), Width);

    private static void Body(Arguments a) => a.Result[0] = a.Accumulates != 0 ? a.Result[0] + a.Loss[0] : a.Loss[0];

    internal struct Arguments
    {
        public ArrayView<float> Loss, Result;
        public int Accumulates;
    }
}
