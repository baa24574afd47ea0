namespace ModelCompiler.Gpu;

/// <summary>Whether a kernel has dropout; known when it is compiled.</summary>
internal interface IDropout
{
    static abstract bool IsOn { get; }
}

internal struct WithDropout : IDropout
{
    public static bool IsOn => true;
}

internal struct WithoutDropout : IDropout
{
    public static bool IsOn => false;
}
