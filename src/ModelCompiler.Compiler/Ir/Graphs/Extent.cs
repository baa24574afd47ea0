using System.Globalization;

namespace ModelCompiler.Compiler.Ir.Graphs;

/// <summary>
/// A size: factor x batch^b x length^t x second length^s. Batch and lengths are known when the model runs, the factor when it is compiled. Of two texts that meet each has a
/// length of its own; every other model has one.
/// </summary>
internal readonly record struct Extent(long Factor, int BatchPower, int LengthPower, int SecondPower = 0)
{
    public static readonly Extent Batch = new(1, 1, 0);
    public static readonly Extent Length = new(1, 0, 1);
    public static readonly Extent SecondLength = new(1, 0, 0, 1);
    public static readonly Extent One = new(1, 0, 0);

    public bool IsConstant => BatchPower == 0 && LengthPower == 0 && SecondPower == 0;

    /// <summary>The same with the one length that a kernel has, whichever text's that is.</summary>
    public Extent OfOneLength => new(Factor, BatchPower, LengthPower + SecondPower);

    /// <summary>Whether it is no larger than another at any batch and lengths of 1 or more.</summary>
    public bool IsAtMost(Extent other) => Factor <= other.Factor && BatchPower <= other.BatchPower && LengthPower <= other.LengthPower && SecondPower <= other.SecondPower;

    public static implicit operator Extent(int value) => new(value, 0, 0);

    public static Extent operator *(Extent a, Extent b) => new(checked(a.Factor * b.Factor), a.BatchPower + b.BatchPower, a.LengthPower + b.LengthPower, a.SecondPower + b.SecondPower);

    /// <param name="second">Length of the second text; what has but one does not depend on it.</param>
    public long At(long batch, long length, long second = 1)
    {
        return Factor * Power(batch, BatchPower) * Power(length, LengthPower) * Power(second, SecondPower);

        static long Power(long size, int power)
        {
            var value = 1L;
            for (var i = 0; i < power; i++)
            {
                value *= size;
            }

            return value;
        }
    }

    /// <summary>As C# over <c>batch</c>, <c>length</c> and <c>secondLength</c>; printing of graphs uses the same text.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Factor != 1 || IsConstant)
        {
            parts.Add(Factor.ToString(CultureInfo.InvariantCulture));
        }

        parts.AddRange(Enumerable.Repeat("batch", BatchPower));
        parts.AddRange(Enumerable.Repeat("length", LengthPower));
        parts.AddRange(Enumerable.Repeat("secondLength", SecondPower));
        return string.Join(" * ", parts);
    }
}
