using System.Runtime.CompilerServices;

namespace ModelCompiler.Gpu;

/// <summary>A thread's way to fragments of its warp's part of a slice (<see cref="TensorPlaces{TKind}"/>): its row in shared memory at each of the four pieces that it meets.</summary>
internal struct TensorReader
{
    private int _at0, _at1, _at2, _at3;

    /// <param name="shared">The slice's address in the first buffer.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TensorReader Of<TKind>(int shared, int lane, int along, int bits, bool isInnerNext, bool isRight)
        where TKind : struct, ITensorKind
    {
        var (row, piece) = TensorPlaces<TKind>.Start(lane, along, bits, isInnerNext, isRight);
        var at = shared + row;
        return new() { _at0 = at + piece, _at1 = at + (piece ^ 32), _at2 = at + (piece ^ 64), _at3 = at + (piece ^ 96) };
    }

    /// <summary>
    /// A thread's part of 16 elements along the tile by a step of the inner dimension. From the left: the first eight elements, the next eight, both of the step's upper half. From
    /// the right the first eight with both halves come first: a tensor core takes two registers that are next to each other, and in another order each would be moved.
    /// </summary>
    /// <param name="buffer">Bytes from the first buffer to the one that is read.</param>
    /// <param name="fragment">Which 16 elements of the warp's: a constant.</param>
    /// <param name="step">Of the slice: a constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Words Load<TKind>(TensorReader r, int buffer, int fragment, int step, int bits, bool isInnerNext, bool isRight)
        where TKind : struct, ITensorKind
    {
        if (isInnerNext)
        {
            return TKind.Rounded(TensorCore.Fragment((uint)(At(r, step) + buffer + (fragment * 16 * 128))));
        }

        var row = TensorPlaces<TKind>.Row(bits, isInnerNext: false);
        if (TKind.Bits == 3)
        {
            return TensorCore.FragmentTransposed((uint)(At(r, fragment) + buffer + (step * 16 * row)));
        }

        var at = buffer + (step * 8 * row) + ((fragment >> 1) * 128);
        var (left, right) = (At(r, 2 * (fragment & 1)) + at, At(r, (2 * (fragment & 1)) + 1) + at);
        var (second, third) = isRight ? (left + (4 * row), right) : (right, left + (4 * row));
        return TKind.Rounded(new()
        {
            A = TensorCore.LoadWord((uint)left),
            B = TensorCore.LoadWord((uint)second),
            C = TensorCore.LoadWord((uint)third),
            D = TensorCore.LoadWord((uint)(right + (4 * row))),
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int At(TensorReader r, int piece) => piece == 0 ? r._at0 : piece == 1 ? r._at1 : piece == 2 ? r._at2 : r._at3;
}
