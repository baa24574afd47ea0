namespace ModelCompiler.Gpu;

/// <summary>Sizes of groups. Groups have a power of two of threads, one at least.</summary>
public static class Groups
{
    /// <summary>Values that a group exchanges: one for each thread of the largest group.</summary>
    public const int Size = 256;

    /// <summary>Columns of a group that adds up rows.</summary>
    public const int Columns = 8;
}
