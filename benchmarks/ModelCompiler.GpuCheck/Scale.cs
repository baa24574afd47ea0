namespace ModelCompiler.GpuCheck;

/// <summary>How large the measured sizes are.</summary>
internal enum Scale
{
    /// <summary>Those of models as they are trained: for GPUs.</summary>
    Full,

    /// <summary>The same models on little data: for OpenCL on the cores of a CPU.</summary>
    Cores,

    /// <summary>Small models.</summary>
    Quick,
}
