using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>16 floats.</summary>
public readonly unsafe struct Simd512 : ISimd<Simd512>
{
    private readonly Vector512<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Simd512(Vector512<float> v) => _v = v;

    public static int Lanes => 16;

    public static Simd512 Zero => new(Vector512<float>.Zero);

    /// <summary>The vector itself.</summary>
    public Vector512<float> Vector => _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator +(Simd512 a, Simd512 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator -(Simd512 a, Simd512 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator *(Simd512 a, Simd512 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator /(Simd512 a, Simd512 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator -(Simd512 a) => new(-a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Load(float* source, int count) => new(count >= 16 ? Vector512.Load(source) : Avx512F.MaskLoad(source, First(count), Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Simd512 value) => value._v.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Simd512 value, int count)
    {
        if (count >= 16)
        {
            value._v.Store(destination);
        }
        else
        {
            Avx512F.MaskStore(destination, First(count), value._v);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Load(BFloat16* source) => new(Vector512.ShiftLeft(Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)source)), 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BFloat16* destination, Simd512 value) => Avx512F.ConvertToVector256UInt16(Vector512.ShiftRightLogical(Rounded(value._v), 16)).Store((ushort*)destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 RoundToBFloat16(Simd512 value) => new((Rounded(value._v) & Vector512.Create(0xFFFF0000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 MultiplyAdd(Simd512 a, Simd512 b, Simd512 c) => new(Avx512F.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Max(Simd512 a, Simd512 b) => new(Vector512.MaxNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Min(Simd512 a, Simd512 b) => new(Vector512.MinNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Abs(Simd512 a) => new(Vector512.Abs(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Sqrt(Simd512 a) => new(Vector512.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Round(Simd512 a) => new(Avx512F.RoundScale(a._v, 0x08));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Scale(Simd512 a, Simd512 n) => new(Avx512F.Scale(a._v, n._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Exponent(Simd512 a) => new(Avx512F.GetExponent(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Lookup(float* table, Simd512 index) => new(Avx512F.PermuteVar16x32(Vector512.Load(table), Vector512.ConvertToInt32(index._v)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Where(Simd512 a, Simd512 b, Simd512 x, Simd512 y) => new(Vector512.ConditionalSelect(Vector512.GreaterThan(a._v, b._v), x._v, y._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Tail(Simd512 y) => NormalTail.Of(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 First(Simd512 value, int count, float fill) => count >= 16 ? value
        : new(Vector512.ConditionalSelect(First(count), value._v, Vector512.Create(fill)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Simd512 value) => Vector512.Sum(value._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Simd512 value) => Simd256.Largest(new(Vector256.MaxNative(value._v.GetLower(), value._v.GetUpper())));

    // The upper half of each lane is the result.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rounded(Vector512<float> v)
    {
        var bits = v.AsUInt32();
        var nearest = bits + Vector512.Create(0x7FFFu) + (Vector512.ShiftRightLogical(bits, 16) & Vector512<uint>.One);
        return Vector512.ConditionalSelect(Vector512.Equals(v, v).AsUInt32(), nearest, bits | Vector512.Create(0x400000u));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> First(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
}
