namespace ModelCompiler.Runtime;

/// <summary>Vectors that something else has computed [count, vectors, width], so many a sample. Emitted models derive their own type from it.</summary>
public abstract class VectorBatch
{
    private float[]? _weights, _counts;

    /// <exception cref="ArgumentOutOfRangeException">No samples.</exception>
    protected VectorBatch(int count, int vectors, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (Count, Vectors, Width) = (count, vectors, width);
        Values = new float[checked(count * SampleFloats)];
        Mask = new int[count * vectors];
        Array.Fill(Mask, 1);
    }

    /// <summary>Samples.</summary>
    public int Count { get; }

    /// <summary>Vectors of a sample, those included that are not there.</summary>
    public int Vectors { get; }

    /// <summary>Channels of a vector.</summary>
    public int Width { get; }

    /// <summary>Floats of one sample.</summary>
    public int SampleFloats => checked(Vectors * Width);

    /// <summary>All vectors, sample by sample.</summary>
    public float[] Values { get; }

    /// <summary>[count, vectors]: 1 for vectors that are there, 0 for others, which models with <c>Padded</c> do not read; ones at first.</summary>
    public int[] Mask { get; }

    /// <summary>The vectors [vectors, width] of one sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer samples.</exception>
    public Span<float> this[int index] => (uint)index < (uint)Count
        ? Values.AsSpan(index * SampleFloats, SampleFloats)
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"Sample {index} of a batch of {Count}; legal is 0 to {Count - 1}.");

    /// <exception cref="ArgumentException">A mask that is not 0 or 1, or a sample without vectors.</exception>
    public void CheckMask()
    {
        for (var i = 0; i < Mask.Length; i++)
        {
            if ((uint)Mask[i] > 1)
            {
                throw new ArgumentException($"Mask[{i / Vectors}, {i % Vectors}] is {Mask[i]}; legal are 0 and 1.");
            }
        }

        for (var sample = 0; sample < Count; sample++)
        {
            if (!Of(sample).Contains(1))
            {
                throw new ArgumentException($"Mask hides all {Vectors} vectors of sample {sample}: a sample has one or more.");
            }
        }
    }

    /// <exception cref="ArgumentException">The mask leaves a vector out.</exception>
    public void RequireAll()
    {
        if (Mask.AsSpan().IndexOfAnyExcept(1) is >= 0 and var i)
        {
            throw new ArgumentException($"Mask[{i / Vectors}, {i % Vectors}] is {Mask[i]}, and this model reads all {Vectors} vectors of a sample: set Padded of its [PrecomputedFeatures], or leave the mask as it is.");
        }
    }

    /// <summary>[count, vectors]: the mask as floats.</summary>
    public float[] Weights()
    {
        var weights = _weights ??= new float[Mask.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Mask[i];
        }

        return weights;
    }

    /// <summary>[count]: vectors of each sample that are there.</summary>
    public float[] Counts()
    {
        var counts = _counts ??= new float[Count];
        for (var sample = 0; sample < Count; sample++)
        {
            counts[sample] = Of(sample).Count(1);
        }

        return counts;
    }

    private ReadOnlySpan<int> Of(int sample) => Mask.AsSpan(sample * Vectors, Vectors);
}
