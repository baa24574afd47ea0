using ModelCompiler.Compiler.Reference;

namespace ModelCompiler.Testing;

/// <summary>Compares tensors: null where they agree, else a text that says where they do not.</summary>
internal static class Comparison
{
    /// <summary>Entries may differ by a part of the largest one, or of a scale where that is larger; see <see cref="Tolerances"/>.</summary>
    public static string? Of(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance, string what, double scale = Tolerances.Floor)
    {
        if (expected.Count != actual.Count)
        {
            return $"{what} has {actual.Count} values, {expected.Count} expected";
        }

        var largest = Math.Max(scale, expected.Select(Math.Abs).Where(double.IsFinite).DefaultIfEmpty(0).Max());
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected[i] != actual[i] && !(Math.Abs(expected[i] - actual[i]) <= tolerance * largest))
            {
                var off = Math.Abs(expected[i] - actual[i]) / largest;
                return FormattableString.Invariant($"{what}[{i}] is {actual[i]:G9}, {expected[i]:G9} expected: off by {off:E1} of the largest, {tolerance:E1} allowed");
            }
        }

        return null;
    }

    /// <summary>Outputs and gradients of two runs, gradients by the names of parameters.</summary>
    public static string? Of(InterpreterResult expected, InterpreterResult actual, double tolerance, string what)
    {
        var gradients = ByName(actual);
        var missing = ByName(expected).Keys.Concat(expected.Outputs.Keys).Except(gradients.Keys.Concat(actual.Outputs.Keys)).ToArray();
        return missing.Length > 0 || gradients.Count != expected.Gradients.Count || actual.Outputs.Count != expected.Outputs.Count
            ? $"{what}: {gradients.Count} gradients and {actual.Outputs.Count} outputs, {expected.Gradients.Count} and {expected.Outputs.Count} expected; missing: {string.Join(", ", missing)}"
            : expected.Outputs.Select(o => Of(o.Value, actual.Outputs[o.Key], tolerance, $"{what}: {o.Key}"))
                .Concat(ByName(expected).Select(g => Of(g.Value, gradients[g.Key], tolerance, $"{what}: gradient of {g.Key}"))).FirstOrDefault(static m => m is not null);
    }

    /// <summary>Gradients by name and layer: parameters of two compilations are different objects.</summary>
    public static IReadOnlyDictionary<string, double[]> ByName(InterpreterResult result) =>
        result.Gradients.ToDictionary(static g => g.Key.Layer < 0 ? g.Key.Parameter.Name : $"{g.Key.Parameter.Name} of layer {g.Key.Layer}", static g => g.Value);
}
