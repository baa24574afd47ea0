namespace ModelCompiler.Testing;

/// <summary>How far two computations of a number may lie apart: the one table, by precision and by the length of the longest sum.</summary>
internal static class Tolerances
{
    /// <summary>Step of central differences in double.</summary>
    public const double Step = 1e-5;

    /// <summary>A gradient against a central difference, over the largest slope.</summary>
    public const double Slope = 1e-7;

    /// <summary>Below this, numbers count as large: what should be 0 is 0 but for the rounding of what cancelled.</summary>
    public const double Floor = 0.1;

    /// <summary>Double against double in another order of additions, over the largest value.</summary>
    public static double Double(long terms) => 1.2e-16 * Growth(terms);

    /// <summary>Float against double, over the largest value.</summary>
    public static double Float(long terms) => 6e-8 * Growth(terms);

    /// <summary>Numbers that were computed in double and stored as floats, over the largest value; a few are made of constants that are floats.</summary>
    public const double Stored = 4e-7;

    /// <summary>What a stored tensor counts as large as at least: numbers below 1e-9 are stored as 0.</summary>
    public const double StoredFloor = 5e-3;

    /// <summary>
    /// A step of 16 bits, of the largest value: a number that lies between two of them may be rounded to either where it was computed in another
    /// order, and what is made of it moves along.
    /// </summary>
    public const double NarrowStep = 1.0 / 64;

    // Roundings of both signs grow with the root of their number; a few come from what stands around the sum.
    private static double Growth(long terms) => 16 + (4 * Math.Sqrt(terms));
}
