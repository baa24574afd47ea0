using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Where two towers meet: the limits of a learned scale, and negatives that are equally hard.</summary>
public sealed class PairLossTests
{
    // Pairs that match lose by a smaller scale, pairs that do not by a greater one: only the latter may move a scale that is at its limit.
    [Theory]
    [InlineData(SimilarityScale.Learned, 3.5, 1, 0)]
    [InlineData(SimilarityScale.Learned, 3.5, -1, 1)]
    [InlineData(SimilarityScale.LearnedTemperature, 0.03, 1, 0)]
    [InlineData(SimilarityScale.LearnedTemperature, 0.03, -1, -1)]
    public void A_scale_at_its_limit_only_comes_back(SimilarityScale scale, double value, int sign, int moves)
    {
        var options = new ClipAttribute<object, object> { Embedding = 2, Scale = scale, ScaleLimit = 20 };
        double[] image = [1, 0, 0, 1], text = [sign, 0.2, 0.2, sign];
        var gradient = Run(options, new ContrastiveAttribute(), 2, 2, parameter => parameter switch { "image" => image, "text" => text, _ => [value] }).Gradients.Single(static g => g.Key.Parameter.Name is JointSpace.LogitScale or JointSpace.Temperature).Value[0];
        Assert.Equal(moves, Math.Sign(gradient));
    }

    [Theory]
    [InlineData(SimilarityScale.Learned, 1.0, 1, -1)]
    [InlineData(SimilarityScale.Learned, 1.0, -1, 0)]
    [InlineData(SimilarityScale.LearnedTemperature, 0.5, 1, 1)]
    [InlineData(SimilarityScale.LearnedTemperature, 0.5, -1, 0)]
    public void A_scale_at_its_floor_only_comes_back(SimilarityScale scale, double value, int sign, int moves)
    {
        var options = new ClipAttribute<object, object> { Embedding = 2, Scale = scale, ScaleLimit = 20, ScaleFloor = 5 };
        double[] image = [1, 0, 0, 1], text = [sign, 0.2, 0.2, sign];
        var result = Run(options, new ContrastiveAttribute(), 2, 2, parameter => parameter switch { "image" => image, "text" => text, _ => [value] });
        Assert.Equal(moves, Math.Sign(result.Gradients.Single(static g => g.Key.Parameter.Name is JointSpace.LogitScale or JointSpace.Temperature).Value[0]));
        var fixedAtFloor = Run(new ClipAttribute<object, object> { Embedding = 2, Scale = SimilarityScale.Fixed, Temperature = 0.2 }, new ContrastiveAttribute(), 2, 2, parameter => parameter == "image" ? image : text);
        Assert.Equal(fixedAtFloor.Outputs["loss"][0], result.Outputs["loss"][0], 1e-12);
    }

    // Equally great ones share the 1 that one of them would get.
    [Fact]
    public void Equally_hard_negatives_share_the_gradient()
    {
        double[] image = [1, 0, 0.6, 0.8, 0.6, 0.8], text = [1, 0, 0.8, 0.6, 0.8, 0.6];
        var gradient = Run(new ClipAttribute<object, object> { Embedding = 2, Scale = SimilarityScale.None }, new TripletAttribute { Hardest = true }, 3, 2, parameter => parameter == "image" ? image : text).Gradients.Single(static g => g.Key.Parameter.Name == "text").Value;
        Assert.Null(Comparison.Of(gradient[2..4], gradient[4..6], Tolerances.Double(3), "the gradient of the second text"));
        Assert.NotEqual(0, gradient[2]);
    }

    private static InterpreterResult Run(CompositionAttribute options, PairObjectiveAttribute objective, int pairs, int width, Func<string, double[]> values)
    {
        var m = new ModelBuilder(isTraining: true, new PartNames([]));
        var sides = new[] { "image", "text" }.Select(name => new MeetingSide(name, m.Graph.Normalize(m.Parameter(name, [pairs, width], ParameterKind.Weight, new Initializer.Constant(0))))).ToArray();
        JointSpace.Meet(m, options, sides[0], sides[1], [objective]);
        var program = Lower.Run(ModelPrograms.Optimize(m.Graph.Build(), Pass.Train, recompute: false), fuse: true);
        return KernelInterpreter.Run(program, new InterpreterData(pairs, 1, _ => [1.0 / pairs], (parameter, _) => values(parameter.Name)));
    }
}
