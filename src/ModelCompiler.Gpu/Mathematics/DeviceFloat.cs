using System.Runtime.CompilerServices;
using ILGPU;
using ModelCompiler.Runtime.Cpu;

namespace ModelCompiler.Gpu;

/// <summary>
/// A float of one thread of a GPU. The elementary functions are those of the CPU over this type, so that losses agree whatever a driver's own
/// functions are; products and sums may be contracted by the driver's compiler.
/// </summary>
public readonly struct DeviceFloat : IFloat<DeviceFloat>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DeviceFloat(float value) => Value = value;

    public static DeviceFloat Zero => new(0f);

    public float Value { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat operator +(DeviceFloat a, DeviceFloat b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat operator -(DeviceFloat a, DeviceFloat b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat operator *(DeviceFloat a, DeviceFloat b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat operator /(DeviceFloat a, DeviceFloat b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat operator -(DeviceFloat a) => new(-a.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat Create(float value) => new(value);

    // Not MathF.FusedMultiplyAdd, which ILGPU compiles to a call of nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat MultiplyAdd(DeviceFloat a, DeviceFloat b, DeviceFloat c) => new((a.Value * b.Value) + c.Value);

    // Comparisons instead of the device's maximum, which may drop NaN: a second operand that is NaN stays, as on vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat Max(DeviceFloat a, DeviceFloat b) => new(a.Value > b.Value ? a.Value : b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat Min(DeviceFloat a, DeviceFloat b) => new(a.Value < b.Value ? a.Value : b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat Abs(DeviceFloat a) => new(MathF.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat Sqrt(DeviceFloat a) => new(MathF.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat Round(DeviceFloat a) => new((int)(a.Value + (a.Value < 0f ? -0.5f : 0.5f)));

    // A power of two beyond the range of floats is applied in two halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat Scale(DeviceFloat a, DeviceFloat n)
    {
        var whole = (int)n.Value;
        var half = whole >> 1;
        return new(a.Value * PowerOfTwo(whole - half) * PowerOfTwo(half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat Exponent(DeviceFloat a) => new((int)(Interop.FloatAsInt(a.Value) >> 23) - 127);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat Where(DeviceFloat a, DeviceFloat b, DeviceFloat x, DeviceFloat y) => new(a.Value > b.Value ? x.Value : y.Value);

    /// <summary>Half the complementary error function, as an exponential of a polynomial (Numerical Recipes, erfcc): relative error 1.2e-7, no table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DeviceFloat Tail(DeviceFloat y)
    {
        var z = y.Value * 0.707106781f;
        var t = 1f / (1f + (0.5f * z));
        var p = -0.82215223f + (t * 0.17087277f);
        p = 1.48851587f + (t * p);
        p = -1.13520398f + (t * p);
        p = 0.27886807f + (t * p);
        p = -0.18628806f + (t * p);
        p = 0.09678418f + (t * p);
        p = 0.37409196f + (t * p);
        p = 1.00002368f + (t * p);
        return new(0.5f * t * DeviceMath.Exp((-z * z) - 1.26551223f + (t * p)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float PowerOfTwo(int n) => Interop.IntAsFloat((uint)(n + 127) << 23);
}
