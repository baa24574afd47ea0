namespace ModelCompiler.Compiler.Ir.Scalars;

/// <summary>Questions about formulas.</summary>
internal static class ScalarFacts
{
    /// <summary>A formula and everything below it.</summary>
    public static IEnumerable<Scalar> All(this Scalar scalar) => new[] { scalar }.Concat(scalar.Children.SelectMany(All));

    /// <summary>Whether all columns of a row have the same value.</summary>
    public static bool IsOfRow(this Scalar scalar) => scalar switch
    {
        Scalar.Read or Scalar.ReadColumn or Scalar.OneHot or Scalar.Accumulator => false,
        Scalar.Keep keep => keep.Columns == 1,
        _ => scalar.Children.All(IsOfRow),
    };

    /// <summary>Sites of dropout in a formula.</summary>
    public static IEnumerable<Scalar.Keep> Keeps(this Scalar scalar) => scalar.All().OfType<Scalar.Keep>();
}
