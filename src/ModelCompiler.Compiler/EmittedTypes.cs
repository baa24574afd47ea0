namespace ModelCompiler.Compiler;

/// <summary>Types that emitted code calls by their names alone: anything nearer to the user's class that has such a name would hide them.</summary>
public static class EmittedTypes
{
    /// <summary>The names; a test compares them with what is emitted.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "ArgumentException", "ArgumentOutOfRangeException", "Attention", "AttentionArguments", "AttentionGradients", "BFloat16", "CheckpointTable", "Contrast", "CpuContext", "CpuEngine",
        "Device", "DropoutKey", "EmbeddingGradient", "FitOptions", "FitResult", "Gemm", "IBatch", "IBatches", "IEnumerable", "IEpilogue", "IModel",
        "IReadOnlyDictionary", "IReadOnlyList", "ISimd", "ITokenBatch", "Initializer", "InstructionSet", "KernelOutput", "KeyCache", "Lane", "LaunchInfo", "LayerList",
        "LearningRate", "Lengths", "List", "LoadReport", "Math", "MathF", "MatchNumbers", "MatrixProduct", "MethodImpl", "MethodImplOptions", "ModelCore", "ModelDescription",
        "NoEpilogue", "NotFiniteException", "PairArguments", "PairBlocks", "PairSigmoid", "Parameter", "ParameterChunk", "ParameterInfo", "ParameterRole", "PartialSums", "Pass", "Patches", "PictureBatch",
        "ReadOnlySpan", "RoundedFloat", "Schedule", "Simd128", "Simd256", "Simd512", "Span", "TargetCounts", "TensorBinding", "TokenBatch", "TokenFacts", "TowerWeights", "TrainingRun", "Widening",
    ];

    /// <summary>The names that programs for GPUs use besides.</summary>
    public static IReadOnlyList<string> OfGpu { get; } =
    [
        "ArrayView", "ByMemory", "ByWarps", "DeviceMath", "FloatMatrix", "GpuContext", "GpuDevices", "GpuEngine", "Grid", "Group", "Groups", "IReduction", "InternalsVisibleTo", "ModuleInitializer", "NarrowMatrix", "PartialSum", "RoundedMatrix", "SharedMemory", "StepNumbers", "TensorSize",
    ];
}
