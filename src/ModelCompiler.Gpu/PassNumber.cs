using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>The number of a pass, which dropout draws by: in device memory, so that the launches of all passes have the same arguments.</summary>
internal sealed class PassNumber(GpuContext context) : IDisposable
{
    private readonly GpuArena _arena = new(context, sizeof(int));
    private bool _isRead;
    private ulong _number;

    /// <summary>The pass that is about to be launched.</summary>
    /// <param name="isTraining">Others drop nothing.</param>
    public void Set(ulong number, bool isTraining)
    {
        _number = number;
        if (isTraining && _isRead)
        {
            PassDraw.Set(context, Place, number);
        }
    }

    /// <summary>Where kernels read it. The first pass, which is never captured, shows whether there is dropout.</summary>
    public ArrayView<int> Read()
    {
        if (!_isRead)
        {
            _isRead = true;
            PassDraw.Set(context, Place, _number);
        }

        return Place;
    }

    public void Dispose() => _arena.Dispose();

    private ArrayView<int> Place => _arena.View.Cast<int>().SubView(0, 1);
}
