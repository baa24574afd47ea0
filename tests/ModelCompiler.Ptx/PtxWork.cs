namespace ModelCompiler.Ptx;

/// <summary>What a launch did.</summary>
/// <param name="Instructions">Those that all threads executed.</param>
/// <param name="Barriers">Times that a group's threads waited for each other.</param>
internal readonly record struct PtxWork(long Instructions, long Barriers)
{
    public static PtxWork operator +(PtxWork a, PtxWork b) => new(a.Instructions + b.Instructions, a.Barriers + b.Barriers);
}
