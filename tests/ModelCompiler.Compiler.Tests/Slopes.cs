using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Gradients against central differences of the loss, in double on the interpreter.</summary>
internal static class Slopes
{
    /// <summary>The gradients of all parameters along random directions.</summary>
    public static void Check(string what, OpProgram program)
    {
        var result = program.Run();
        Assert.Equal(result.Outputs["loss"], program.Forward()["loss"]);
        Assert.Equal(program.Parameters.Select(static p => p.Name).Order(), result.Gradients.Keys.Select(static k => k.Parameter.Name).Distinct().Order());
        var random = new Random(3);
        foreach (var ((parameter, layer), gradient) in result.Gradients)
        {
            var values = program.Numbers.Parameter(parameter, layer);
            for (var trial = 0; trial < 2; trial++)
            {
                var direction = Enumerable.Range(0, values.Length).Select(_ => (2 * random.NextDouble()) - 1).ToArray();
                var slope = Difference(values, direction, () => program.Forward()["loss"])[0];
                Close(slope, gradient.Zip(direction, static (g, d) => g * d).Sum(), $"{what}: {parameter.Name} of layer {layer}");
            }
        }
    }

    public static double[] Direction(int length, int at) => [.. Enumerable.Range(0, length).Select(i => i == at ? 1.0 : 0.0)];

    /// <summary>(f(x + step d) - f(x - step d)) / (2 step).</summary>
    public static double[] Difference(double[] values, double[] direction, Func<double[]> run)
    {
        var before = values.ToArray();
        var up = At(Tolerances.Step);
        var down = At(-Tolerances.Step);
        before.CopyTo(values, 0);
        return [.. up.Zip(down, static (u, d) => (u - d) / (2 * Tolerances.Step))];

        double[] At(double step)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = before[i] + (step * direction[i]);
            }

            return run();
        }
    }

    public static void Close(double slope, double gradient, string what) =>
        Assert.True(Math.Abs(slope - gradient) <= Tolerances.Slope * Math.Max(1, Math.Abs(slope)), $"{what}: slope {slope}, gradient {gradient}");
}
