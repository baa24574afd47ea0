using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Golden;

/// <summary>Gradients of a case in the format's own layout: for each tensor, the norm of the difference over the norm.</summary>
internal static class GoldenGradients
{
    /// <param name="of">Which parameters each tensor is made of.</param>
    public static GoldenError Compare(GoldenFiles files, ModelCore core, IReadOnlyList<TensorBinding> of)
    {
        var error = default(GoldenError);
        var bindings = of.ToDictionary(static b => b.Name);
        foreach (var tensor in files.Gradients!.Tensors)
        {
            if (!bindings.TryGetValue(tensor.Name, out var binding))
            {
                error = error.Or(double.PositiveInfinity, $"gradient of {tensor.Name}: no parameter of ours");
                continue;
            }

            var expected = files.Gradients.ReadDoubles(tensor.Name);
            var actual = Pretrained.Stored(binding, core.Parameters, static p => p.IsFrozen ? new float[p.Count] : p.GradientToArray());
            error = error.Or(Difference(files, tensor, expected, actual) / files.Tolerance("gradients"), $"gradient of {tensor.Name}");
        }

        foreach (var binding in bindings.Values.Where(b => !files.Gradients.Contains(b.Name) && b.Parameters.Any(p => !core.Parameters[p].IsFrozen)))
        {
            error = error.Or(double.PositiveInfinity, $"{binding.Name} has a gradient here and none in the reference");
        }

        return error;
    }

    // What is zero in exact arithmetic is compared with the norm of all gradients together.
    private static double Difference(GoldenFiles files, TensorEntry tensor, double[] expected, float[] actual)
    {
        if (expected.Length != actual.Length)
        {
            return double.PositiveInfinity;
        }

        var zero = files.ZeroGradients.Contains(tensor.Name) ? (From: 0, To: expected.Length) : (From: 0, To: 0);
        if (files.PartlyZeroGradients.TryGetValue(tensor.Name, out var range))
        {
            var row = expected.Length / tensor.Shape[0];
            zero = (range.From * row, range.To * row);
        }

        double apart = 0, norm = 0, zeroApart = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = expected[i] - actual[i];
            if (i >= zero.From && i < zero.To)
            {
                zeroApart += difference * difference;
                continue;
            }

            apart += difference * difference;
            norm += expected[i] * expected[i];
        }

        return Math.Max(norm == 0 ? (apart == 0 ? 0 : Math.Sqrt(apart) / files.GradientNorm) : Math.Sqrt(apart / norm), Math.Sqrt(zeroApart) / files.GradientNorm);
    }
}
