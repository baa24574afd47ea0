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
            Slopes.Check($"{name}, {setting}", OpCases.All[name].In(setting));
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
                var slopes = Slopes.Difference(values, Slopes.Direction(values.Length, at), () => program.Forward()["y"]);
                for (var i = 0; i < outputs; i++)
                {
                    Slopes.Close(slopes[i], rows[i][(parameter, -1)][at], $"{name}: y[{i}] by {parameter.Name}[{at}]");
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
}
