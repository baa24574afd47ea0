namespace ModelCompiler.Data;

/// <summary>What becomes of the stretches that a pattern matches.</summary>
public enum SplitBehavior
{
    /// <summary>They are no pieces.</summary>
    Removed,

    /// <summary>Each is a piece.</summary>
    Isolated,

    /// <summary>Each ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>Each begins the piece behind it.</summary>
    MergedWithNext,

    /// <summary>Those that touch are one piece.</summary>
    Contiguous,
}
