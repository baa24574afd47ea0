namespace ModelCompiler.Compiler.Checkpoints;

/// <summary>The types of values in configurations, as messages name them.</summary>
internal static class ConfigType
{
    public const string Integer = "a 32-bit integer";
    public const string Size = "a 32-bit integer above 0";
    public const string Real = "a number";
    public const string Flag = "true, false";
    public const string Sides = "a number, or [height, width]";

    /// <summary>Whether a value is an integer that an option can hold.</summary>
    public static bool IsInteger(object? value) => value is >= (long)int.MinValue and <= (long)int.MaxValue;

    public static bool IsSize(object? value) => IsInteger(value) && value is > 0L;

    public static bool IsReal(object? value) => value is long || (value is double d && !double.IsNaN(d) && !double.IsInfinity(d));

    /// <summary>A value that <see cref="IsReal"/>.</summary>
    public static double ToReal(object value) => value is long i ? i : (double)value;

    /// <summary>Height and width; null: the value is neither a number nor two of them.</summary>
    public static (long Height, long Width)? ToSides(object? value) => value switch
    {
        long side when IsSize(side) => (side, side),
        IReadOnlyList<object?> { Count: 2 } sides when IsSize(sides[0]) && IsSize(sides[1]) => ((long)sides[0]!, (long)sides[1]!),
        _ => null,
    };
}
