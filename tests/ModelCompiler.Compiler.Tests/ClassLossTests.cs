using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>The cross-entropy of distributions: loss and gradients that the reference gave.</summary>
public sealed class ClassLossTests
{
    // Similarities over a learned temperature, each way, against targets that were made before; there, the temperature divides.
    [Fact]
    public void Distributions_have_the_reference_s_loss_and_gradients()
    {
        using var stored = new Stored("soft-targets");
        var (pairs, width) = (stored.Weights["image"].Shape[0], stored.Weights["image"].Shape[1]);
        var columns = stored.Outputs["targets_i2t"].Shape[1];
        stored.Compare(2 * pairs, (m, scale) =>
        {
            var factor = m.Parameter("temp", [1], ParameterKind.Vector, new Initializer.Constant(0));
            return m.Graph.Add(OneWay("image", "text", "targets_i2t"), OneWay("text", "image", "targets_t2i"));

            Value OneWay(string from, string to, string targets)
            {
                var query = m.Graph.Normalize(m.Parameter(from, [pairs, width], ParameterKind.Weight, new Initializer.Constant(0)));
                var keys = m.Input(to, Shape.Of(("key", columns), ("width", width)));
                var similarities = m.Graph.ScaleBy(m.Graph.MatMul(query, keys, false, true, "similarities"), factor);
                return m.Graph.SoftCrossEntropy(similarities, m.Input(targets, similarities.Shape), scale);
            }
        }, side =>
        {
            // Keys of the batch, then those of the queue, which lie as columns.
            var queue = stored.Inputs.ReadDoubles(side + "_queue");
            var queued = columns - pairs;
            return [.. stored.Inputs.ReadDoubles(side + "_m"), .. Enumerable.Range(0, queue.Length).Select(i => queue[(i % width * queued) + (i / width)])];
        });
    }

    private sealed class Stored(string name) : IDisposable
    {
        public SafetensorsFile Inputs { get; } = Open(name, "inputs");

        public SafetensorsFile Weights { get; } = Open(name, "model");

        public SafetensorsFile Outputs { get; } = Open(name, "outputs");

        private SafetensorsFile Gradients { get; } = Open(name, "gradients");

        // The one parameter of one number is the reciprocal of what is stored.
        public void Compare(int counted, Func<ModelBuilder, Value, Value> loss, Func<string, double[]> inputs)
        {
            var m = new ModelBuilder(isTraining: true, new PartNames([]));
            m.Graph.Output("loss", loss(m, m.Input("scale", Shape.Scalar)));
            var program = Lower.Run(ModelPrograms.Optimize(m.Graph.Build(), Pass.Train, recompute: false), fuse: true);
            var result = KernelInterpreter.Run(program, new InterpreterData(1, 1, Input, (parameter, _) => Weight(parameter.Name)));
            Assert.Null(Comparison.Of(Outputs.ReadDoubles("loss"), result.Outputs["loss"], Tolerances.Stored, "loss", Tolerances.StoredFloor));
            Assert.Equal(Gradients.Tensors.Select(static t => t.Name).Order(), result.Gradients.Select(static g => g.Key.Parameter.Name).Order());
            foreach (var (key, gradient) in result.Gradients)
            {
                var parameter = key.Parameter.Name;
                // d/dx of f(1 / x) is -f' / x^2.
                var slope = gradient.Length == 1 ? -1 / Math.Pow(Weights.ReadDoubles(parameter)[0], 2) : 1;
                Assert.Null(Comparison.Of(Gradients.ReadDoubles(parameter), [.. gradient.Select(g => g * slope)], Tolerances.Stored, parameter, Tolerances.StoredFloor));
            }

            double[] Input(string input) => input == "scale" ? [1.0 / counted] : Outputs.Contains(input) ? Outputs.ReadDoubles(input) : inputs(input);

            double[] Weight(string parameter) => Weights.ReadDoubles(parameter) is [var x] ? [1 / x] : Weights.ReadDoubles(parameter);
        }

        public void Dispose()
        {
            foreach (var file in new[] { Inputs, Weights, Outputs, Gradients })
            {
                file.Dispose();
            }
        }

        private static SafetensorsFile Open(string name, string file) => new(Path.Combine(Folders.Root, "tests", "Golden", "losses", name, file + ".safetensors"));
    }
}
