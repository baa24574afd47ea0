namespace ModelCompiler.Compiler.Reference;

/// <summary>Doubles rounded to what 16 bits hold: the exponents of a float, and 8 bits of precision.</summary>
internal static class Narrow
{
    /// <summary>Each to the nearest, ties to even; NaN stays NaN.</summary>
    public static void Round(double[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Round(values[i]);
        }
    }

    public static double Round(double value)
    {
        // Numbers of a magnitude 2^e are multiples of 2^(e - 7) there; below the least normal float the multiples get no finer.
        if (value == 0 || double.IsNaN(value) || double.IsInfinity(value))
        {
            return value;
        }

        var exponent = Math.Max((int)((BitConverter.DoubleToInt64Bits(value) >> 52) & 0x7FF) - 1023, -126);
        var unit = Math.Pow(2, exponent - 7);
        var rounded = Math.Round(value / unit) * unit;
        return Math.Abs(rounded) < Math.Pow(2, 128) ? rounded : value > 0 ? double.PositiveInfinity : double.NegativeInfinity;
    }
}
