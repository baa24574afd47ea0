namespace ModelCompiler.Runtime.Cpu;

/// <summary>Functions of single floats that the framework lacks: those of vectors, in one lane.</summary>
public static unsafe class ScalarMath
{
    public static float Erf(float x) => Elementary.Erf(Simd128.Create(x)).Vector[0];

    internal static float Exp(float x) => Elementary.Exp(Simd128.Create(x)).Vector[0];

    /// <summary>Natural logarithm of a normal x above 0.</summary>
    public static float Log(float x) => Elementary.Log(Simd128.Create(x)).Vector[0];

    public static float Gelu(float x) => Elementary.Gelu(Simd128.Create(x)).Vector[0];

    public static float GeluSlope(float x) => Elementary.GeluSlope(Simd128.Create(x)).Vector[0];

    public static float GeluTanh(float x) => Elementary.GeluTanh(Simd128.Create(x)).Vector[0];

    public static float GeluTanhSlope(float x) => Elementary.GeluTanhSlope(Simd128.Create(x)).Vector[0];
}
