namespace ModelCompiler.Runtime;

/// <summary>Pictures [count, channels, height, width], channels first, zeros at first. Emitted models derive their own type from it.</summary>
public abstract class PictureBatch
{
    protected PictureBatch(int count, int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (Count, Channels, Height, Width) = (count, channels, height, width);
        Values = new float[checked(count * PictureFloats)];
    }

    public int Count { get; }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Floats of one picture.</summary>
    public int PictureFloats => Channels * Height * Width;

    /// <summary>All pictures, one after the other.</summary>
    public float[] Values { get; }

    /// <summary>One picture [channels, height, width].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer pictures.</exception>
    public Span<float> this[int index] => (uint)index < (uint)Count
        ? Values.AsSpan(index * PictureFloats, PictureFloats)
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"Picture {index} of a batch of {Count}; legal is 0 to {Count - 1}.");
}
