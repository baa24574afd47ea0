namespace ModelCompiler.Gpu;

/// <summary>What cuBLAS does. Each call returns 0, or the code of an error; the device's context must be current.</summary>
internal interface ICublas
{
    /// <summary>Version and file, for people.</summary>
    string Name { get; }

    int Create(out nint handle);

    /// <summary>Products of a handle go to a stream from now on; the handle's workspace is cuBLAS's own again.</summary>
    int SetStream(nint handle, nint stream);

    /// <summary>Memory that products of a handle use from now on, so that none is allocated while a stream is captured.</summary>
    /// <param name="memory">On the device, at a multiple of 256 bytes.</param>
    int SetWorkspace(nint handle, nint memory, long bytes);

    int SetMathMode(nint handle, CublasMath mode);

    /// <summary>Puts a product on the handle's stream.</summary>
    int Multiply(nint handle, in CublasProduct product);

    int Destroy(nint handle);

    /// <summary>cuBLAS's own words for a code; empty: it has none.</summary>
    string Words(int code);
}
