using ModelCompiler.Runtime;

namespace ModelCompiler.Gpu;

/// <summary>How large a tensor of a program is: Factor x batch^BatchPower x length^LengthPower x second length^SecondPower elements.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="Factor">Elements at a batch and lengths of 1.</param>
public readonly record struct TensorSize(string Name, long Factor, int BatchPower, int LengthPower, int SecondPower = 0)
{
    /// <summary>Most elements of a tensor: kernels count in 32 bits.</summary>
    internal const long Most = int.MaxValue;

    /// <exception cref="ArgumentOutOfRangeException">It has more elements than kernels can count.</exception>
    internal void Check(string model, PassSize size)
    {
        if (Elements(size.Batch, size.Lengths) is var elements && elements > Most)
        {
            var greatest = GreatestBatch(size.Lengths);
            throw new ArgumentOutOfRangeException(nameof(size), size.Batch, FormattableString.Invariant(
                $"{Name} of {model} has {elements:N0} elements in a {size.Pass} pass of {size.Batch} rows of {size.Lengths}; on GPUs a tensor has at most {Most:N0}, ")
                + (greatest > 0 ? FormattableString.Invariant($"which at this length are {greatest} rows.") : "which not even one row of this length has: use a shorter one."));
        }
    }

    /// <summary>Most rows of a length; 0: not even one.</summary>
    private long GreatestBatch(Lengths lengths)
    {
        var (low, high) = (0L, Most); // the answer is in [low, high]
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            (low, high) = Elements(middle, lengths) <= Most ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    // In double, which does not wrap: exact as far as it decides anything.
    private double Elements(long batch, Lengths lengths) =>
        Factor * Math.Pow(batch, BatchPower) * Math.Pow(lengths.First, LengthPower) * Math.Pow(lengths.Second, SecondPower);
}
