namespace ModelCompiler.Gpu;

/// <summary>Channels that a head has at most where tensor cores make attention; known when a kernel is compiled.</summary>
internal interface IHeadWidth
{
    /// <summary>Pieces of 16 bytes, eight channels each, as a power of two.</summary>
    static abstract int Bits { get; }
}

/// <summary>64 channels.</summary>
internal struct NarrowHead : IHeadWidth
{
    public static int Bits => 3;
}

/// <summary>128 channels.</summary>
internal struct WideHead : IHeadWidth
{
    public static int Bits => 4;
}
