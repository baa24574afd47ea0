using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>8 floats.</summary>
public readonly unsafe struct Simd256 : ISimd<Simd256>
{
    private readonly Vector256<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Simd256(Vector256<float> v) => _v = v;

    public static int Lanes => 8;

    public static Simd256 Zero => new(Vector256<float>.Zero);

    /// <summary>The vector itself.</summary>
    public Vector256<float> Vector => _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator +(Simd256 a, Simd256 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator -(Simd256 a, Simd256 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator *(Simd256 a, Simd256 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator /(Simd256 a, Simd256 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator -(Simd256 a) => new(-a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Load(float* source, int count) => new(count >= 8 ? Vector256.Load(source) : Avx.MaskLoad(source, First(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Simd256 value) => value._v.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Simd256 value, int count)
    {
        if (count >= 8)
        {
            value._v.Store(destination);
        }
        else
        {
            Avx.MaskStore(destination, First(count), value._v);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Load(BFloat16* source) => new(Vector256.ShiftLeft(Avx2.ConvertToVector256Int32(Vector128.Load((ushort*)source)), 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BFloat16* destination, Simd256 value)
    {
        var upper = Vector256.ShiftRightLogical(Rounded(value._v), 16);
        Vector128.Narrow(upper.GetLower(), upper.GetUpper()).Store((ushort*)destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 RoundToBFloat16(Simd256 value) => new((Rounded(value._v) & Vector256.Create(0xFFFF0000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 MultiplyAdd(Simd256 a, Simd256 b, Simd256 c) => new(Vector256.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Max(Simd256 a, Simd256 b) => new(Vector256.MaxNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Min(Simd256 a, Simd256 b) => new(Vector256.MinNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Abs(Simd256 a) => new(Vector256.Abs(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Sqrt(Simd256 a) => new(Vector256.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Round(Simd256 a) => new(Vector256.Round(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Scale(Simd256 a, Simd256 n) => new(a._v * Vector256.ShiftLeft(Vector256.ConvertToInt32(n._v - Half(n._v)) + Vector256.Create(127), 23).AsSingle() * Vector256.ShiftLeft(Vector256.ConvertToInt32(Half(n._v)) + Vector256.Create(127), 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Exponent(Simd256 a) => new(Vector256.ConvertToSingle(Vector256.ShiftRightLogical(a._v.AsInt32(), 23) - Vector256.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Lookup(float* table, Simd256 index) => new(Avx2.GatherVector256(table, Vector256.ConvertToInt32(index._v), 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Where(Simd256 a, Simd256 b, Simd256 x, Simd256 y) => new(Vector256.ConditionalSelect(Vector256.GreaterThan(a._v, b._v), x._v, y._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Tail(Simd256 y) => NormalTail.Of(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 First(Simd256 value, int count, float fill) => count >= 8 ? value
        : new(Vector256.ConditionalSelect(First(count), value._v, Vector256.Create(fill)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Simd256 value) => Vector256.Sum(value._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Simd256 value) => Simd128.Largest(new(Vector128.MaxNative(value._v.GetLower(), value._v.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> First(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    // A power of two beyond the range of floats is applied in two halves.
    private static Vector256<float> Half(Vector256<float> n) => Vector256.Floor(n * 0.5f);

    // The upper half of each lane is the result.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rounded(Vector256<float> v)
    {
        var bits = v.AsUInt32();
        var nearest = bits + Vector256.Create(0x7FFFu) + (Vector256.ShiftRightLogical(bits, 16) & Vector256<uint>.One);
        return Vector256.ConditionalSelect(Vector256.Equals(v, v).AsUInt32(), nearest, bits | Vector256.Create(0x400000u));
    }
}
