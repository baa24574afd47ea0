using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Every op's own gradient in double against central differences, on the interpreter.</summary>
public sealed class OpGradientTests
{
    public static TheoryData<string> Cases => new(OpCases.All.Keys);

    public static TheoryData<string> SmallCases => new(OpCases.All.Values.Select(static c => (Case: c, Program: c.In(OpSetting.Alone)))
        .Where(static c => c.Program.Forward()["y"].Length * c.Program.Parameters.Sum(static p => p.Count) <= 2000).Select(static c => c.Case.ToString()));

    [Theory, MemberData(nameof(Cases))]
    public void Gradients_are_slopes_in_every_setting(string name)
    {
        foreach (var setting in Enum.GetValues<OpSetting>())
        {
            Slopes($"{name}, {setting}", OpCases.All[name].In(setting));
        }
    }

    [Theory, MemberData(nameof(SmallCases))]
    public void Gradients_of_small_cases_are_the_whole_Jacobian(string name)
    {
        var program = OpCases.All[name].In(OpSetting.Alone);
        var outputs = program.Forward()["y"].Length;
        var weights = program.Numbers.Input("weights");
        program.Numbers.Input("scale")[0] = 1;
        var rows = Enumerable.Range(0, outputs).Select(i =>
        {
            Array.Clear(weights);
            weights[i] = 1;
            return program.Run().Gradients;
        }).ToArray();
        foreach (var parameter in program.Parameters)
        {
            var values = program.Numbers.Parameter(parameter, -1);
            for (var at = 0; at < values.Length; at++)
            {
                var slopes = Difference(values, Direction(values.Length, at), () => program.Forward()["y"]);
                for (var i = 0; i < outputs; i++)
                {
                    Close(slopes[i], rows[i][(parameter, -1)][at], $"{name}: y[{i}] by {parameter.Name}[{at}]");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Fused_equals_unfused_in_every_setting(string name)
    {
        foreach (var setting in Enum.GetValues<OpSetting>())
        {
            var program = OpCases.All[name].In(setting);
            Assert.Null(Comparison.Of(OpCases.All[name].In(setting, fuse: false).Run(), program.Run(), Tolerances.Double(program.LongestSum), $"{name}, {setting}"));
        }
    }

    private static void Slopes(string what, OpProgram program)
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

    private static double[] Direction(int length, int at) => [.. Enumerable.Range(0, length).Select(i => i == at ? 1.0 : 0.0)];

    // (f(x + step d) - f(x - step d)) / (2 step)
    private static double[] Difference(double[] values, double[] direction, Func<double[]> run)
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

    private static void Close(double slope, double gradient, string what) =>
        Assert.True(Math.Abs(slope - gradient) <= Tolerances.Slope * Math.Max(1, Math.Abs(slope)), $"{what}: slope {slope}, gradient {gradient}");
}
