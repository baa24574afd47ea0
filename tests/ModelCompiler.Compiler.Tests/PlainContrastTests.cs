using ModelCompiler.Compiler.Layers;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Which side is compared with what, with copies, queues and soft targets: losses of whole models against their formula (ALBEF, arXiv:2107.07651), written out with the models' own vectors.</summary>
public sealed class PlainContrastTests
{
    [Theory]
    [InlineData("momentum")]
    [InlineData("momentum-shared")]
    [InlineData("momentum-frozen")]
    [InlineData("momentum-locked")]
    [InlineData("queue")]
    [InlineData("queue-alone")]
    public void A_model_s_loss_is_the_formula_s(string name)
    {
        var data = new InterpretedModel(ModelCases.All[name].With(("ResidualDropout", 0.0)), seed: 5);
        var trained = data.Train().Outputs;
        var features = data.Run(Pass.Forward, []).Outputs;
        var plain = new Plain(data);
        Assert.Equal(2, data.Sides.Count);
        var (first, second) = (plain.Side(data.Sides[0], features, trained), plain.Side(data.Sides[1], features, trained));
        Assert.Equal((plain.OneWay(first, second) + plain.OneWay(second, first)) / 2, trained["loss"][0], 1e-10);
    }

    private sealed record Vectors(double[][] Features, double[][] Keys, double[][] Queue);

    private sealed class Plain(InterpretedModel data)
    {
        private readonly CompositionAttribute _composition = (CompositionAttribute)data.Model.Architecture!;
        private readonly ContrastiveAttribute _objective = data.Model.Get<ContrastiveAttribute>()!;

        private double Scale => _composition.Scale switch
        {
            SimilarityScale.None => 1,
            SimilarityScale.Fixed => 1 / _composition.Temperature,
            SimilarityScale.Learned => Math.Clamp(Math.Exp(Value("logit_scale")[0]), _composition.ScaleFloor, _composition.ScaleLimit),
            _ => Math.Clamp(1 / Value("temperature")[0], _composition.ScaleFloor, _composition.ScaleLimit),
        };

        public Vectors Side(Side side, IReadOnlyDictionary<string, double[]> features, IReadOnlyDictionary<string, double[]> trained)
        {
            var width = features[side.Features].Length / data.Batch;
            double[] queue = _composition.Queue > 0 ? Value($"queue.{side.Name}") : [];
            return new([.. features[side.Features].Chunk(width)], [.. trained[$"{side.Name}_keys"].Chunk(width)], [.. queue.Chunk(width)]);
        }

        public double OneWay(Vectors from, Vectors to) => Enumerable.Range(0, data.Batch).Sum(i =>
        {
            double[][] compared = [.. _objective.BatchNegatives ? to.Keys : [to.Keys[i]], .. to.Queue];
            var own = _objective.BatchNegatives ? i : 0;
            var (said, taught) = (LogSoftmax(from.Features[i], compared), LogSoftmax(from.Keys[i], compared));
            return -said.Select((s, j) => s * (((1 - _objective.SoftTargets) * (j == own ? 1 : 0)) + (_objective.SoftTargets * Math.Exp(taught[j])))).Sum();
        }) * data.Input("pairs_scale")[0];

        private double[] LogSoftmax(double[] vector, double[][] compared)
        {
            double[] logits = [.. compared.Select(k => Scale * k.Zip(vector, static (a, b) => a * b).Sum())];
            var sum = Math.Log(logits.Sum(Math.Exp));
            return [.. logits.Select(l => l - sum)];
        }

        private double[] Value(string name) => data.Values(data.Parameters.Single(p => p.Name == name), -1);
    }
}
