using ModelCompiler.Compiler.Architectures;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Reference;

namespace ModelCompiler.Compiler.Tests;

/// <summary>Whole models in double precision: gradients are differences of losses, and transformations change nothing.</summary>
public sealed class GradientTests
{
    private const int Batch = 3;
    private const int Length = 5;

    public static TheoryData<string> Cases => new(ModelCases.All.Keys);

    [Theory, MemberData(nameof(Cases))]
    public void Gradients_are_slopes_of_the_loss(string name)
    {
        var run = new ModelRun(name);
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
        var run = new ModelRun(name);
        Same(run.Train(fuse: false), run.Train());
    }

    [Fact]
    public void Recomputed_equals_saved() => Same(new ModelRun("vit").Train(), new ModelRun("vit-recompute").Train(), byName: true);

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

    private sealed class ModelRun
    {
        private readonly Dictionary<string, double[]> _inputs = [];
        private readonly Dictionary<(string, int), double[]> _parameters = [];
        private readonly Spec.BoundModel _model;
        private readonly InterpreterData _data;

        public ModelRun(string name)
        {
            _model = ModelCases.Bind(ModelCases.All[name]);
            var problems = new ProblemList();
            ArchitectureCatalogue.Of(_model).Validate(_model, problems);
            Assert.Empty(problems.Items);
            _data = new InterpreterData(Batch, Length, Input, Values, static (site, element, p) => ((site * 31) + (element * 7919 % 10007)) % 97 / 97.0 >= p);
        }

        public TextTransformerAttribute? Text => _model.Architecture as TextTransformerAttribute;

        public InterpreterResult Train(bool fuse = true) => Run(Pass.Train, fuse);

        public double Loss() => Run(Pass.Train, true).Outputs["loss"][0];

        public double[] Values(Parameter parameter, int layer)
        {
            var key = (parameter.Name, layer);
            if (!_parameters.TryGetValue(key, out var values))
            {
                var random = new Random(parameter.Name.Sum(static c => c) + layer);
                values = [.. Enumerable.Range(0, parameter.Count).Select(_ => (random.NextDouble() - 0.5) * 0.8)];
                foreach (var part in parameter.Parts.Where(static p => p.IsAbsent))
                {
                    Array.Clear(values, part.Offset, part.Count);
                }

                _parameters.Add(key, values);
            }

            return values;
        }

        private readonly Dictionary<(Pass, bool), Ir.Kernels.Program> _programs = [];

        private InterpreterResult Run(Pass pass, bool fuse)
        {
            if (!_programs.TryGetValue((pass, fuse), out var program))
            {
                _programs.Add((pass, fuse), program = ModelPrograms.Compile(_model, pass, fuse));
                foreach (var op in program.Graph.Nodes.Select(static n => n.Op).OfType<InputOp>())
                {
                    _shapes[op.InputName] = op;
                }
            }

            return KernelInterpreter.Run(program, _data);
        }

        private readonly Dictionary<string, InputOp> _shapes = [];

        private double[] Input(string name)
        {
            if (_inputs.TryGetValue(name, out var values))
            {
                return values;
            }

            var count = (int)_shapes[name].Shape.Count.At(Batch, Length);
            var random = new Random(name.Length);
            values = [.. Enumerable.Range(0, count).Select(i => name switch
            {
                "ids" => random.Next(11),
                "positions" => (i % Length) + (Text!.PositionOffset > 0 ? Text.PositionOffset - (i % 4 == 3 ? 1 : 0) : 0),
                "segments" or "next_sentence" => random.Next(2),
                "mask" or "weights" => i % 4 == 3 ? 0 : 1,
                "last" => random.Next(Length),
                "labels" when _shapes[name].Type == ElementType.Integer => random.Next(2),
                "labels" => random.Next(2),
                "targets" => random.Next(5) == 0 ? -100 : random.Next(11),
                "counts" => Enumerable.Range(0, Length).Count(t => ((i * Length) + t) % 4 != 3),
                _ when name.EndsWith("_scale", StringComparison.Ordinal) => 0.37,
                _ => random.NextDouble() - 0.5,
            })];
            _inputs.Add(name, values);
            return values;
        }
    }
}
