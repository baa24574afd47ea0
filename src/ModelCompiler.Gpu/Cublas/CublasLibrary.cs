using System.Runtime.InteropServices;

namespace ModelCompiler.Gpu;

/// <summary>cuBLAS from version 11 on, by the functions that a loaded file exports.</summary>
internal sealed unsafe class CublasLibrary : ICublas
{
    // On devices of capability 8.0 and more cuBLAS chooses by the shape itself, whatever it is asked for.
    private const int DefaultAlgorithm = -1;

    private readonly delegate* unmanaged<nint*, int> _create;
    private readonly delegate* unmanaged<nint, int> _destroy;
    private readonly delegate* unmanaged<nint, nint, int> _setStream;
    private readonly delegate* unmanaged<nint, nint, nuint, int> _setWorkspace;
    private readonly delegate* unmanaged<nint, int, int> _setMathMode;
    private readonly delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, int, nint, int, int, float*, nint, int, int, int, int, int> _multiply;
    private readonly delegate* unmanaged<int, byte*> _words;

    /// <param name="library">Of <see cref="NativeLibrary"/>; it stays loaded.</param>
    /// <param name="file">Its name.</param>
    /// <exception cref="EntryPointNotFoundException">It is no cuBLAS, or an old one.</exception>
    public CublasLibrary(nint library, string file)
    {
        _create = (delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(library, "cublasCreate_v2");
        _destroy = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "cublasDestroy_v2");
        _setStream = (delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(library, "cublasSetStream_v2");
        _setWorkspace = (delegate* unmanaged<nint, nint, nuint, int>)NativeLibrary.GetExport(library, "cublasSetWorkspace_v2");
        _setMathMode = (delegate* unmanaged<nint, int, int>)NativeLibrary.GetExport(library, "cublasSetMathMode");
        _multiply = (delegate* unmanaged<nint, int, int, int, int, int, float*, nint, int, int, nint, int, int, float*, nint, int, int, int, int, int>)NativeLibrary.GetExport(library, "cublasGemmEx");
        _words = NativeLibrary.TryGetExport(library, "cublasGetStatusString", out var words) ? (delegate* unmanaged<int, byte*>)words : null;
        Name = FormattableString.Invariant($"cuBLAS {Property(library, 0)}.{Property(library, 1)}.{Property(library, 2)} of {file}");
    }

    public string Name { get; }

    public int Create(out nint handle)
    {
        nint created = 0;
        var result = _create(&created);
        handle = created;
        return result;
    }

    public int SetStream(nint handle, nint stream) => _setStream(handle, stream);

    public int SetWorkspace(nint handle, nint memory, long bytes) => _setWorkspace(handle, memory, (nuint)bytes);

    public int SetMathMode(nint handle, CublasMath mode) => _setMathMode(handle, (int)mode);

    public int Multiply(nint handle, in CublasProduct p)
    {
        // Both factors are read before the call returns.
        var (alpha, beta) = (1f, p.Beta);
        return _multiply(
            handle, (int)p.A.Operation, (int)p.B.Operation, p.Rows, p.Columns, p.Inner, &alpha, p.A.Address, (int)p.A.Type, p.A.Stride, p.B.Address, (int)p.B.Type, p.B.Stride,
            &beta, p.C.Address, (int)p.C.Type, p.C.Stride, (int)p.Compute, DefaultAlgorithm);
    }

    public int Destroy(nint handle) => _destroy(handle);

    public string Words(int code) => _words is null ? "" : Marshal.PtrToStringUTF8((nint)_words(code)) ?? "";

    // Major, minor and patch of the version; asks no device.
    private static int Property(nint library, int number)
    {
        var value = 0;
        _ = ((delegate* unmanaged<int, int*, int>)NativeLibrary.GetExport(library, "cublasGetProperty"))(number, &value);
        return value;
    }
}
