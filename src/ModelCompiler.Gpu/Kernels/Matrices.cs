using System.Runtime.CompilerServices;
using ILGPU;

namespace ModelCompiler.Gpu;

/// <summary>A matrix of a product, whose elements are floats when they are multiplied; known when a kernel is compiled.</summary>
public interface IMatrix
{
    float Load(int at);

    /// <summary>Only results are stored.</summary>
    void Store(int at, float value);
}

/// <summary>Floats as they are.</summary>
public struct FloatMatrix(ArrayView<float> elements) : IMatrix
{
    private ArrayView<float> _elements = elements;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Load(int at) => _elements[at];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int at, float value) => _elements[at] = value;
}

/// <summary>Elements of 16 bits.</summary>
public struct NarrowMatrix(ArrayView<BFloat16> elements) : IMatrix
{
    private ArrayView<BFloat16> _elements = elements;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Load(int at) => (float)_elements[at];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int at, float value) => _elements[at] = (BFloat16)value;
}

/// <summary>Floats that are rounded to 16 bits when they are read: weights, whose own bits training needs.</summary>
public struct RoundedMatrix(ArrayView<float> elements) : IMatrix
{
    private ArrayView<float> _elements = elements;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float Load(int at) => BFloat16.Round(_elements[at]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(int at, float value) => _elements[at] = value;
}
