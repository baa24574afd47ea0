using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>Four floats: what one instruction of 16 bytes reads and writes, or one number for each of a thread's rows.</summary>
public struct Quad
{
    public float A, B, C, D;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Quad All(float value) => new() { A = value, B = value, C = value, D = value };
}
