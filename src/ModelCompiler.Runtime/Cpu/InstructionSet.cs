using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>Width of the vectors that kernels use.</summary>
public enum InstructionSet
{
    /// <summary>SSE or NEON.</summary>
    Vector128,

    /// <summary>AVX2 with FMA.</summary>
    Vector256,

    /// <summary>AVX-512.</summary>
    Vector512,
}

/// <summary>What the processor can do.</summary>
public static class Instructions
{
    /// <summary>The widest set that is fast here.</summary>
    public static InstructionSet Best { get; } =
        IsSupported(InstructionSet.Vector512) ? InstructionSet.Vector512 : IsSupported(InstructionSet.Vector256) ? InstructionSet.Vector256 : InstructionSet.Vector128;

    public static bool IsSupported(InstructionSet set) => set switch
    {
        InstructionSet.Vector512 => Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Avx512BW.IsSupported,
        InstructionSet.Vector256 => Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported,
        InstructionSet.Vector128 => true,
        _ => false,
    };
}
