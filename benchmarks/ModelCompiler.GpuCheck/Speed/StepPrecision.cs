namespace ModelCompiler.GpuCheck.Speed;

/// <summary>What products multiply.</summary>
internal enum StepPrecision
{
    Float32,

    /// <summary>Floats, rounded to 10 bits of mantissa.</summary>
    Tf32,

    /// <summary>Of steps: mixed precision.</summary>
    BFloat16,
}

internal static class StepPrecisions
{
    /// <summary>The two that tensor cores make.</summary>
    public static IReadOnlyList<StepPrecision> OfTensorCores { get; } = [StepPrecision.Tf32, StepPrecision.BFloat16];

    /// <summary>For the table.</summary>
    public static string Name(this StepPrecision precision) => precision switch { StepPrecision.Tf32 => "TF32", StepPrecision.BFloat16 => "bf16", _ => "float32" };

    /// <summary>The name of something in a precision; floats go without saying.</summary>
    public static string Of(this StepPrecision precision, string what) => precision == StepPrecision.Float32 ? what : $"{what}, {precision.Name()}";
}
