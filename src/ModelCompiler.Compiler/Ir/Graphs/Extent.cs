using System.Globalization;

namespace ModelCompiler.Compiler.Ir.Graphs;

/// <summary>A size: factor x batch^b x length^t. Batch and length are known when the model runs, the factor when it is compiled.</summary>
internal readonly record struct Extent(long Factor, int BatchPower, int LengthPower)
{
    public static readonly Extent Batch = new(1, 1, 0);
    public static readonly Extent Length = new(1, 0, 1);
    public static readonly Extent One = new(1, 0, 0);

    public bool IsConstant => BatchPower == 0 && LengthPower == 0;

    /// <summary>Whether it is no larger than another at any batch and length of 1 or more.</summary>
    public bool IsAtMost(Extent other) => Factor <= other.Factor && BatchPower <= other.BatchPower && LengthPower <= other.LengthPower;

    public static implicit operator Extent(int value) => new(value, 0, 0);

    public static Extent operator *(Extent a, Extent b) => new(checked(a.Factor * b.Factor), a.BatchPower + b.BatchPower, a.LengthPower + b.LengthPower);

    public long At(long batch, long length)
    {
        var value = Factor;
        for (var i = 0; i < BatchPower; i++)
        {
            value *= batch;
        }

        for (var i = 0; i < LengthPower; i++)
        {
            value *= length;
        }

        return value;
    }

    /// <summary>As C# over <c>batch</c> and <c>length</c>; printing of graphs uses the same text.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Factor != 1 || IsConstant)
        {
            parts.Add(Factor.ToString(CultureInfo.InvariantCulture));
        }

        parts.AddRange(Enumerable.Repeat("batch", BatchPower));
        parts.AddRange(Enumerable.Repeat("length", LengthPower));
        return string.Join(" * ", parts);
    }
}
