using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Where two towers meet: similarities, loss and gradients of features that the reference was given, and the limit of a learned scale.</summary>
public sealed class PairLossTests
{
    [Theory]
    [InlineData("infonce-learned", SimilarityScale.Learned)]
    [InlineData("infonce-fixed", SimilarityScale.Fixed)]
    [InlineData("siglip", SimilarityScale.Learned)]
    [InlineData("siglip-trained", SimilarityScale.Learned)]
    public void Pairs_have_the_reference_s_loss_and_gradients(string name, SimilarityScale scale)
    {
        var isSigmoid = name.StartsWith("siglip", StringComparison.Ordinal);
        var folder = Path.Combine(Folders.Root, "tests", "Golden", "losses", name);
        using var features = new SafetensorsFile(Path.Combine(folder, "features.safetensors"));
        using var outputs = new SafetensorsFile(Path.Combine(folder, "outputs.safetensors"));
        using var gradients = new SafetensorsFile(Path.Combine(folder, "gradients.safetensors"));
        var options = new ClipAttribute<object, object> { Embedding = 16, Scale = scale, Temperature = 0.07, ScaleLimit = isSigmoid ? 0 : 1e6, Bias = isSigmoid };
        var shape = features["image"].Shape;
        var result = Run(options, isSigmoid ? new PairwiseSigmoidAttribute() : new ContrastiveAttribute(), shape[0], shape[1], parameter => features.ReadDoubles(parameter));
        Assert.Null(Comparison.Of(outputs.ReadDoubles("loss"), result.Outputs["loss"], Tolerances.Stored, "loss", Tolerances.StoredFloor));
        foreach (var tensor in gradients.Tensors)
        {
            Assert.Null(Comparison.Of(gradients.ReadDoubles(tensor.Name), result.Gradients.Single(g => g.Key.Parameter.Name == tensor.Name).Value, Tolerances.Stored, tensor.Name, Tolerances.StoredFloor));
        }
    }

    // Pairs that match lose by a smaller scale, pairs that do not by a greater one: only the latter may move a scale that is at its limit.
    [Theory]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    public void A_scale_at_its_limit_only_comes_back(int sign, int moves)
    {
        var options = new ClipAttribute<object, object> { Embedding = 2, ScaleLimit = 20 };
        double[] image = [1, 0, 0, 1], text = [sign, 0.2, 0.2, sign];
        var gradient = Run(options, new ContrastiveAttribute(), 2, 2, parameter => parameter switch { "image" => image, "text" => text, _ => [3.5] }).Gradients.Single(static g => g.Key.Parameter.Name == JointSpace.LogitScale).Value[0];
        Assert.Equal(moves, Math.Sign(gradient));
    }

    private static InterpreterResult Run(CompositionAttribute options, PairObjectiveAttribute objective, int pairs, int width, Func<string, double[]> values)
    {
        var m = new ModelBuilder(isTraining: true, frozen: []);
        var sides = new[] { "image", "text" }.Select(name => m.Graph.Normalize(m.Parameter(name, [pairs, width], ParameterKind.Weight, new Initializer.Constant(0)))).ToArray();
        JointSpace.Meet(m, options, sides[0], sides[1], [objective]);
        var program = Lower.Run(ModelPrograms.Optimize(m.Graph.Build(), Pass.Train, recompute: false), fuse: true);
        return KernelInterpreter.Run(program, new InterpreterData(pairs, 1, _ => [1.0 / pairs], (parameter, _) => values(parameter.Name)));
    }
}
