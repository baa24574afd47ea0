using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>A matrix of a product, whose elements are floats when they are multiplied; known when a kernel is compiled.</summary>
public interface IMatrix
{
    float Load(int at);

    /// <summary>Only results are stored.</summary>
    void Store(int at, float value);

    /// <summary>Two results next to each other, by tensor cores.</summary>
    /// <param name="at">The first, a multiple of two; aligned.</param>
    void StorePair(int at, float first, float second);

    /// <summary>Whether products are of floats.</summary>
    static abstract bool IsWide { get; }

    /// <summary>Whether elements are stored otherwise than they are multiplied.</summary>
    static abstract bool IsRounded { get; }

    /// <summary>Whether four elements are read at once: every four from a multiple of four on are next to each other, at a multiple of 16 bytes, and all or none of the matrix.</summary>
    static abstract bool HasQuads { get; }

    /// <summary>Four elements of a matrix that has quads.</summary>
    /// <param name="at">The first, a multiple of four.</param>
    Quad LoadQuad(int at);

    /// <summary>Whether the first element lies at a multiple of 16 bytes; the host asks.</summary>
    bool IsAligned { get; }

    /// <summary>Where the first element lies in the device's memory; the host asks.</summary>
    nint Pointer { get; }

    /// <summary>Where an element lies in a CUDA device's memory.</summary>
    ulong Address(int at);
}

/// <summary>Floats as they are.</summary>
public struct FloatMatrix(ArrayView<float> elements) : IMatrix
{
    private ArrayView<float> _elements = elements;

    public static bool IsWide => true;

    public static bool IsRounded => false;

    public static bool HasQuads => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Quad LoadQuad(int at) => default;

    public readonly bool IsAligned => TensorForms.IsAligned(_elements);

    public readonly nint Pointer => _elements.LoadEffectiveAddressAsPtr();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Load(int at) => _elements[at];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int at, float value) => _elements[at] = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StorePair(int at, float first, float second) => _elements.Cast<Pair>()[at >> 1] = new Pair { A = first, B = second };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Address(int at) => TensorCore.Address(ref _elements[at]);
}

/// <summary>Elements of 16 bits.</summary>
public struct NarrowMatrix(ArrayView<BFloat16> elements) : IMatrix
{
    private ArrayView<BFloat16> _elements = elements;

    public static bool IsWide => false;

    public static bool IsRounded => false;

    public static bool HasQuads => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Quad LoadQuad(int at) => default;

    public readonly bool IsAligned => TensorForms.IsAligned(_elements);

    public readonly nint Pointer => _elements.LoadEffectiveAddressAsPtr();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Load(int at) => (float)_elements[at];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int at, float value) => _elements[at] = (BFloat16)value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StorePair(int at, float first, float second) => _elements.Cast<uint>()[at >> 1] = TensorCore.Pack(second, first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Address(int at) => TensorCore.NarrowAddress(ref _elements[at]);
}

/// <summary>Floats that are rounded to 16 bits when they are read: weights, whose own bits training needs.</summary>
public struct RoundedMatrix(ArrayView<float> elements) : IMatrix
{
    private ArrayView<float> _elements = elements;

    public static bool IsWide => false;

    public static bool IsRounded => true;

    public static bool HasQuads => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Quad LoadQuad(int at) => default;

    public readonly bool IsAligned => TensorForms.IsAligned(_elements);

    public readonly nint Pointer => _elements.LoadEffectiveAddressAsPtr();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Load(int at) => BFloat16.Round(_elements[at]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int at, float value) => _elements[at] = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StorePair(int at, float first, float second) => _elements.Cast<Pair>()[at >> 1] = new Pair { A = first, B = second };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Address(int at) => TensorCore.Address(ref _elements[at]);
}
