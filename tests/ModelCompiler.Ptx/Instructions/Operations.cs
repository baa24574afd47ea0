using System.Numerics;
using System.Runtime.CompilerServices;

namespace ModelCompiler.Ptx.Instructions;

/// <summary>What is done with one number of whatever type.</summary>
internal interface IUnary
{
    static abstract T Of<T>(T x)
        where T : unmanaged, INumber<T>;
}

/// <summary>What is done with two.</summary>
internal interface IBinary
{
    static abstract T Of<T>(T x, T y)
        where T : unmanaged, INumber<T>;
}

internal readonly struct Add : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x, T y)
        where T : unmanaged, INumber<T> => x + y;
}

internal readonly struct Subtract : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x, T y)
        where T : unmanaged, INumber<T> => x - y;
}

internal readonly struct Product : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x, T y)
        where T : unmanaged, INumber<T> => x * y;
}

/// <summary>Division by zero gives what the device gives, whatever it is: all bits of an integer.</summary>
internal readonly struct Divide : IBinary
{
    public static T Of<T>(T x, T y)
        where T : unmanaged, INumber<T> => T.IsInteger(T.One / (T.One + T.One)) && T.IsZero(T.One / (T.One + T.One))
            ? T.IsZero(y) ? T.Zero - T.One : y == T.Zero - T.One ? T.Zero - x : x / y
            : x / y;
}

internal readonly struct Remainder : IBinary
{
    public static T Of<T>(T x, T y)
        where T : unmanaged, INumber<T> => T.IsZero(y) ? x : T.IsNegative(y) && T.IsZero(y + T.One) ? T.Zero : x % y;
}

/// <summary>Of a number and one that is none, the number.</summary>
internal readonly struct Least : IBinary
{
    public static T Of<T>(T x, T y)
        where T : unmanaged, INumber<T> => T.MinNumber(x, y);
}

internal readonly struct Greatest : IBinary
{
    public static T Of<T>(T x, T y)
        where T : unmanaged, INumber<T> => T.MaxNumber(x, y);
}

internal readonly struct Negate : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x)
        where T : unmanaged, INumber<T> => -x;
}

internal readonly struct Absolute : IUnary
{
    public static T Of<T>(T x)
        where T : unmanaged, INumber<T> => T.IsNegative(x) ? -x : x;
}
