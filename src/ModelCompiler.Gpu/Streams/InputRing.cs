using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>
/// Inputs of passes on their way to the device: two arenas in turn, each with page-locked memory of the host beside it and copied on a stream of
/// its own. The inputs of a pass travel while the pass before it runs, and the host waits only where it is so far ahead that the memory it is about
/// to fill has not been copied yet.
/// </summary>
internal sealed class InputRing : IDisposable
{
    private readonly GpuContext _context;
    private readonly AcceleratorStream _stream;
    private readonly Slot[] _slots;
    private int _current;

    public InputRing(GpuContext context)
    {
        _context = context;
        _stream = context.CreateStream();
        _slots = [new Slot(context), new Slot(context)];
    }

    /// <summary>Number of the arena that the pass reads: 0 or 1.</summary>
    public int Current => _current;

    /// <summary>Bytes of both arenas.</summary>
    public long Bytes => _slots[0].Arena.Bytes + _slots[1].Arena.Bytes;

    /// <summary>Inputs of the pass.</summary>
    public ArrayView<float> View => _slots[_current].Arena.View;

    /// <summary>What <see cref="Reserve"/> allocates on the device in all.</summary>
    public static long BytesFor(long floats) => 2 * floats * sizeof(float);

    /// <summary>Makes room for inputs; those of the pass before are gone.</summary>
    public void Reserve(long floats)
    {
        try
        {
            if (floats * sizeof(float) > Math.Min(_slots[0].Arena.Bytes, _slots[1].Arena.Bytes))
            {
                _stream.Synchronize();
                foreach (var slot in _slots)
                {
                    slot.Grow(_context, floats);
                }
            }

            _current ^= 1;
            _slots[_current].Copied.Wait();
        }
        catch (AcceleratorException e)
        {
            throw DeviceLostException.Of(_context.Device, e);
        }
    }

    /// <summary>Takes values for the pass; they may change afterwards.</summary>
    /// <param name="offset">In floats.</param>
    public void Write<T>(long offset, ReadOnlySpan<T> values)
        where T : unmanaged =>
        values.CopyTo(MemoryMarshal.Cast<float, T>(_slots[_current].Host!.Span[(int)offset..]));

    /// <summary>Starts the copy that the launches from now on wait for.</summary>
    public void Send(long floats)
    {
        if (floats == 0)
        {
            return;
        }

        var slot = _slots[_current];
        try
        {
            slot.Free.Delay(_stream);

            // Of this part, CUDA copies what is asked for; ILGPU's OpenCL copies the host's memory as a whole.
            slot.Arena.View.SubView(0, floats).CopyFrom(_stream, slot.Host!.ArrayView.SubView(0, floats));
            slot.Copied.Record(_stream);
            slot.Copied.Delay(_context.Stream);
        }
        catch (AcceleratorException e)
        {
            throw DeviceLostException.Of(_context.Device, e);
        }
    }

    /// <summary>All launches that read the inputs are on the stream.</summary>
    public void Release()
    {
        try
        {
            _slots[_current].Free.Record(_context.Stream);
        }
        catch (AcceleratorException e)
        {
            throw DeviceLostException.Of(_context.Device, e);
        }
    }

    public void Dispose()
    {
        _stream.Synchronize();
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }

        _stream.Dispose();
    }

    private sealed class Slot(GpuContext context) : IDisposable
    {
        public GpuArena Arena { get; private set; } = new(context, 0);

        /// <summary>The host's side.</summary>
        public PageLockedArray1D<float>? Host { get; private set; }

        /// <summary>The host's memory may be filled again.</summary>
        public StreamEvent Copied { get; } = context.CreateEvent();

        /// <summary>The device's memory may be.</summary>
        public StreamEvent Free { get; } = context.CreateEvent();

        public void Grow(GpuContext owner, long floats)
        {
            if (floats * sizeof(float) <= Arena.Bytes)
            {
                return;
            }

            owner.Synchronize();
            Arena.Dispose();
            Host?.Dispose();
            Arena = new GpuArena(owner, floats * sizeof(float));
            Host = owner.Accelerator.AllocatePageLocked1D<float>(floats);
            Free.Record(owner.Stream); // behind the zeros of the new arena
        }

        public void Dispose()
        {
            Copied.Dispose();
            Free.Dispose();
            Host?.Dispose();
            Arena.Dispose();
        }
    }
}
