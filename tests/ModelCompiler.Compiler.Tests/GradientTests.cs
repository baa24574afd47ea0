using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Whole models in double precision: gradients are differences of losses, and transformations change nothing.</summary>
public sealed class GradientTests
{
    public static TheoryData<string> Cases => new(ModelCases.All.Keys);

    [Theory, MemberData(nameof(Cases))]
    public void Gradients_are_slopes_of_the_loss(string name)
    {
        var run = new InterpretedModel(name);
        var result = run.Train();
        var random = new Random(7);
        var checkedParts = 0;
        foreach (var ((parameter, layer), gradient) in result.Gradients)
        {
            var values = run.Values(parameter, layer);
            for (var trial = 0; trial < 3; trial++)
            {
                var at = random.Next(values.Length);
                var before = values[at];
                values[at] = before + 1e-5;
                var up = run.Loss();
                values[at] = before - 1e-5;
                var down = run.Loss();
                values[at] = before;
                var slope = (up - down) / 2e-5;
                if (IsIgnored(parameter, at))
                {
                    continue;
                }

                Assert.True(Math.Abs(slope - gradient[at]) <= 1e-6 + (1e-5 * Math.Abs(slope)), $"{parameter.Name}[{at}] of layer {layer}: slope {slope}, gradient {gradient[at]}");
                checkedParts++;
            }
        }

        Assert.True(checkedParts > 10);

        // The row of the padding token gets no gradient by definition, though the loss depends on it.
        bool IsIgnored(Parameter p, int at) => run.Text is { PaddingToken: >= 0 } t
            && ((p.Name == "embeddings.token.weight" && at / t.Width == t.PaddingToken) || (p.Name == "embeddings.position.weight" && t.PositionOffset > 0 && at / t.Width == t.PositionOffset - 1));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Fused_equals_unfused(string name)
    {
        var run = new InterpretedModel(name);
        Same(run.Train(fuse: false), run.Train());
    }

    [Fact]
    public void Recomputed_equals_saved() => Same(new InterpretedModel("vit").Train(), new InterpretedModel("vit-recompute").Train(), byName: true);

    private static void Same(InterpreterResult expected, InterpreterResult actual, bool byName = false)
    {
        Assert.Equal(expected.Outputs.Keys, actual.Outputs.Keys);
        foreach (var (output, values) in expected.Outputs)
        {
            Close(values, actual.Outputs[output], output);
        }

        Assert.Equal(expected.Gradients.Count, actual.Gradients.Count);
        foreach (var (key, values) in expected.Gradients)
        {
            Close(values, actual.Gradients.Single(g => g.Key.Parameter.Name == key.Parameter.Name && g.Key.Layer == key.Layer).Value, key.Parameter.Name);
        }
    }

    private static void Close(double[] expected, double[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-11 * (1 + Math.Abs(expected[i])), $"{what}[{i}]: {expected[i]} and {actual[i]}");
        }
    }
}
