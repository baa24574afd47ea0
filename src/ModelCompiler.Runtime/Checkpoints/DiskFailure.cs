namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Which exceptions say that the disk or its system refuses a file.</summary>
internal static class DiskFailure
{
    // The framework calls a file that outgrows what its system or its owner is allowed an argument out of range.
    public static bool Is(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" };
}
