using System.Runtime.InteropServices;

namespace ModelCompiler.Data;

/// <summary>What an IDX file holds: an array of one element type with 1 to 8 dimensions, the last one contiguous.</summary>
public sealed class IdxArray
{
    private readonly byte[] _data;

    internal IdxArray(IdxElement element, int[] dimensions, byte[] data) => (Element, Dimensions, _data) = (element, dimensions, data);

    /// <summary>Type of the elements.</summary>
    public IdxElement Element { get; }

    /// <summary>Extents, each at least 1, the slowest first.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>Number of elements: the product of the dimensions.</summary>
    public int Count => _data.Length / SizeOf(Element);

    /// <summary>The elements without a copy, in this machine's byte order.</summary>
    /// <typeparam name="T">Exactly the type of <see cref="Element"/>: byte, sbyte, short, int, float or double.</typeparam>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is another type.</exception>
    public ReadOnlySpan<T> Values<T>() where T : unmanaged
    {
        var type = TypeOf(Element);
        return typeof(T) == type
            ? MemoryMarshal.Cast<byte, T>(_data)
            : throw new InvalidOperationException($"Elements {Element} cannot be read as {typeof(T).Name}; legal is {type.Name}.");
    }

    /// <summary>The elements of any type, rounded to the nearest float.</summary>
    public float[] ToFloats()
    {
        var result = new float[Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Element switch
            {
                IdxElement.U8 => _data[i],
                IdxElement.I8 => (sbyte)_data[i],
                IdxElement.I16 => Values<short>()[i],
                IdxElement.I32 => Values<int>()[i],
                IdxElement.F32 => Values<float>()[i],
                _ => (float)Values<double>()[i],
            };
        }

        return result;
    }

    /// <summary>The elements' bytes, in this machine's order.</summary>
    internal ReadOnlyMemory<byte> Bytes => _data;

    /// <summary>Bytes an element.</summary>
    internal static int SizeOf(IdxElement element) => element switch
    {
        IdxElement.U8 or IdxElement.I8 => 1,
        IdxElement.I16 => 2,
        IdxElement.F64 => 8,
        _ => 4,
    };

    private static Type TypeOf(IdxElement element) => element switch
    {
        IdxElement.U8 => typeof(byte),
        IdxElement.I8 => typeof(sbyte),
        IdxElement.I16 => typeof(short),
        IdxElement.I32 => typeof(int),
        IdxElement.F32 => typeof(float),
        _ => typeof(double),
    };
}
