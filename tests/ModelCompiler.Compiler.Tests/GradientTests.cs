using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Whole models in double precision: gradients are differences of losses.</summary>
public sealed class GradientTests
{
    public static TheoryData<string> Cases => new(ModelCases.All.Where(static c => ModelCases.IsSloped(c.Value)).Select(static c => c.Key));

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

        Assert.True(checkedParts >= Math.Min(11, 3 * result.Gradients.Count));

        // The row of the padding token gets no gradient by definition, though the loss depends on it; nor does what copies take for right, which the scale of similarities is a part of.
        bool IsIgnored(Parameter p, int at) => (run.Model.Get<ContrastiveAttribute>() is { SoftTargets: > 0 } && p.Name is JointSpace.LogitScale or JointSpace.Temperature) || run.Text is { PaddingToken: >= 0 } t
            && ((p.Name == "embeddings.token.weight" && at / t.Width == t.PaddingToken) || (p.Name == "embeddings.position.weight" && t.PositionOffset > 0 && at / t.Width == t.PositionOffset - 1));
    }
}
