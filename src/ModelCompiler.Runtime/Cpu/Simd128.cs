using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelCompiler.Runtime.Cpu;

/// <summary>4 floats.</summary>
public readonly unsafe struct Simd128 : ISimd<Simd128>
{
    private readonly Vector128<float> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Simd128(Vector128<float> v) => _v = v;

    public static int Lanes => 4;

    public static Simd128 Zero => new(Vector128<float>.Zero);

    /// <summary>The vector itself.</summary>
    public Vector128<float> Vector => _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator +(Simd128 a, Simd128 b) => new(a._v + b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator -(Simd128 a, Simd128 b) => new(a._v - b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator *(Simd128 a, Simd128 b) => new(a._v * b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator /(Simd128 a, Simd128 b) => new(a._v / b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator -(Simd128 a) => new(-a._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Create(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Load(float* source, int count) => count >= 4 ? new(Vector128.Load(source)) : LoadSome(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Simd128 value) => value._v.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Simd128 value, int count)
    {
        if (count >= 4)
        {
            value._v.Store(destination);
        }
        else
        {
            StoreSome(destination, value, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Load(BFloat16* source) => new(Vector128.ShiftLeft(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsUInt16()), 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(BFloat16* destination, Simd128 value)
    {
        var upper = Vector128.ShiftRightLogical(Rounded(value._v), 16);
        *(ulong*)destination = Vector128.Narrow(upper, upper).AsUInt64().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 RoundToBFloat16(Simd128 value) => new((Rounded(value._v) & Vector128.Create(0xFFFF0000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 MultiplyAdd(Simd128 a, Simd128 b, Simd128 c) => new(Vector128.FusedMultiplyAdd(a._v, b._v, c._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Max(Simd128 a, Simd128 b) => new(Vector128.MaxNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Min(Simd128 a, Simd128 b) => new(Vector128.MinNative(a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Abs(Simd128 a) => new(Vector128.Abs(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Sqrt(Simd128 a) => new(Vector128.Sqrt(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Round(Simd128 a) => new(Vector128.Round(a._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Scale(Simd128 a, Simd128 n) => new(a._v * Vector128.ShiftLeft(Vector128.ConvertToInt32(n._v - Half(n._v)) + Vector128.Create(127), 23).AsSingle() * Vector128.ShiftLeft(Vector128.ConvertToInt32(Half(n._v)) + Vector128.Create(127), 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Exponent(Simd128 a) => new(Vector128.ConvertToSingle(Vector128.ShiftRightLogical(a._v.AsInt32(), 23) - Vector128.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Lookup(float* table, Simd128 index) => new(Vector128.Create(table[(int)index._v[0]], table[(int)index._v[1]], table[(int)index._v[2]], table[(int)index._v[3]]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Where(Simd128 a, Simd128 b, Simd128 x, Simd128 y) => new(Vector128.ConditionalSelect(Vector128.GreaterThan(a._v, b._v), x._v, y._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Tail(Simd128 y) => NormalTail.Of(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 First(Simd128 value, int count, float fill) => count >= 4 ? value
        : new(Vector128.ConditionalSelect(Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle(), value._v, Vector128.Create(fill)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Simd128 value) => Vector128.Sum(value._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Simd128 value)
    {
        var pairs = Vector128.MaxNative(value._v, Vector128.Shuffle(value._v, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    // A power of two beyond the range of floats is applied in two halves.
    private static Vector128<float> Half(Vector128<float> n) => Vector128.Floor(n * 0.5f);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Simd128 LoadSome(float* source, int count)
    {
        var lanes = stackalloc float[4];
        for (var i = 0; i < count; i++)
        {
            lanes[i] = source[i];
        }

        return new(Vector128.Load(lanes));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreSome(float* destination, Simd128 value, int count)
    {
        var lanes = stackalloc float[4];
        value._v.Store(lanes);
        for (var i = 0; i < count; i++)
        {
            destination[i] = lanes[i];
        }
    }

    // The upper half of each lane is the result.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rounded(Vector128<float> v)
    {
        var bits = v.AsUInt32();
        var nearest = bits + Vector128.Create(0x7FFFu) + (Vector128.ShiftRightLogical(bits, 16) & Vector128<uint>.One);
        return Vector128.ConditionalSelect(Vector128.Equals(v, v).AsUInt32(), nearest, bits | Vector128.Create(0x400000u));
    }
}
