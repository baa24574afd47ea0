namespace ModelCompiler.Data;

/// <summary>The part of a data set that a model learns from, or the part kept aside to measure it with.</summary>
public enum Split
{
    Train,
    HeldOut,
}
