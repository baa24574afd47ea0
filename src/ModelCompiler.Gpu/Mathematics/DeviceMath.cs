using System.Runtime.CompilerServices;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Gpu;

/// <summary>Elementary functions of single floats for emitted kernels.</summary>
public static class DeviceMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exp(float x) => Elementary.Exp(new DeviceFloat(x)).Value;

    /// <summary>Natural logarithm of a normal x above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Log(float x) => Elementary.Log(new DeviceFloat(x)).Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Tanh(float x) => Elementary.Tanh(new DeviceFloat(x)).Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sigmoid(float x) => Elementary.Sigmoid(new DeviceFloat(x)).Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Erf(float x) => Elementary.Erf(new DeviceFloat(x)).Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Gelu(float x) => Elementary.Gelu(new DeviceFloat(x)).Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float GeluSlope(float x) => Elementary.GeluSlope(new DeviceFloat(x)).Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float GeluTanh(float x) => Elementary.GeluTanh(new DeviceFloat(x)).Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float GeluTanhSlope(float x) => Elementary.GeluTanhSlope(new DeviceFloat(x)).Value;

    /// <summary>The greater; b where one of them is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float a, float b) => a > b ? a : b;
}
