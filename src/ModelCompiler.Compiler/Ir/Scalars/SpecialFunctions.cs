namespace ModelCompiler.Compiler.Ir.Scalars;

/// <summary>The error function in double precision, which the framework lacks.</summary>
internal static class SpecialFunctions
{
    /// <summary>Cumulative distribution of the standard normal.</summary>
    public static double NormalCdf(double x) => 0.5 * Erfc(-x / Math.Sqrt(2));

    public static double Erf(double x) => 1 - Erfc(x);

    /// <summary>1 - erf(x), accurate to double rounding: Taylor series near 0, continued fraction (Lentz) in the tails.</summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        if (x < 0)
        {
            return 2 - Erfc(-x);
        }

        return x < 2.5 ? 1 - Series(x) : x > 27.5 ? 0 : Fraction(x);
    }

    // erf(x) = 2/sqrt(pi) exp(-x^2) sum over n of 2^n x^(2n+1) / (2n+1)!!: all terms positive, no cancellation.
    private static double Series(double x)
    {
        double term = x, sum = x;
        for (var n = 1; term > sum * 1e-18; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    // erfc(x) = exp(-x^2)/sqrt(pi) * 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))), evaluated from the far end.
    private static double Fraction(double x)
    {
        var tail = x;
        for (var n = 120; n >= 1; n--)
        {
            tail = x + (n / 2.0 / tail);
        }

        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * tail);
    }
}
