namespace ModelCompiler.Gpu.Offline;

/// <summary>A cuBLAS that takes every product and makes none: launches are counted with it where there is no device.</summary>
internal sealed class UnmadeProducts : ICublas
{
    public string Name => "no cuBLAS";

    public int Create(out nint handle)
    {
        handle = 1;
        return 0;
    }

    public int SetStream(nint handle, nint stream) => 0;

    public int SetWorkspace(nint handle, nint memory, long bytes) => 0;

    public int SetMathMode(nint handle, CublasMath mode) => 0;

    public int Multiply(nint handle, in CublasProduct product) => 0;

    public int Destroy(nint handle) => 0;

    public string Words(int code) => "";
}
