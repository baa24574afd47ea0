using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>Floats that lie such that four are read at once.</summary>
internal struct QuadMatrix(ArrayView<float> elements) : IMatrix
{
    private ArrayView<float> _elements = elements;

    public static bool IsWide => true;

    public static bool IsRounded => false;

    public static bool HasQuads => true;

    public readonly bool IsAligned => true;

    public readonly nint Pointer => _elements.LoadEffectiveAddressAsPtr();

    /// <param name="next">Elements that are next to each other.</param>
    /// <param name="stride">Elements from one such row to the next.</param>
    public static bool Takes(ArrayView<float> elements, int next, int stride) => ((next | stride) & 3) == 0 && TensorForms.IsAligned(elements);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Load(int at) => _elements[at];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Quad LoadQuad(int at) => _elements.Cast<Quad>()[at >> 2];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int at, float value) => _elements[at] = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StorePair(int at, float first, float second) => _elements.Cast<Pair>()[at >> 1] = new Pair { A = first, B = second };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Address(int at) => TensorCore.Address(ref _elements[at]);
}
