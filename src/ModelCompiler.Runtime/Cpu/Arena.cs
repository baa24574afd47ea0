using System.Runtime.InteropServices;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Zeroed memory outside of the garbage collector's heap, aligned to 128 bytes.</summary>
public sealed unsafe class Arena : IDisposable
{
    private const nuint Alignment = 128;
    private byte* _pointer;

    /// <exception cref="OutOfMemoryException">The system has no such memory.</exception>
    public Arena(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        try
        {
            _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), Alignment);
        }
        catch (OutOfMemoryException)
        {
            throw new OutOfMemoryException($"{bytes:N0} bytes are not to be had: use a smaller batch, shorter rows or Recompute, and see MemoryFor.");
        }

        NativeMemory.Clear(_pointer, (nuint)bytes);
    }

    ~Arena() => Free();

    public byte* Pointer => _pointer;

    /// <summary>0 once it is disposed of.</summary>
    public long Bytes { get; private set; }

    /// <summary>Replaces an arena by a larger one where it is too small; what was in it is lost.</summary>
    public static void Grow(ref Arena arena, long bytes)
    {
        if (bytes > arena.Bytes)
        {
            arena.Dispose();
            arena = new Arena(bytes);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        Bytes = 0;
    }
}
