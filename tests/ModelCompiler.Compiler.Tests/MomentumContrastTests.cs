using System.Text.Json;
using ModelCompiler.Compiler.Ir.Graphs;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Ops;
using ModelCompiler.Compiler.Reference;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Compiler.Tests;

/// <summary>MoCo's stored runs: loss and gradients on the interpreter, and the plain steps that emitted models are compared with.</summary>
public sealed class MomentumContrastTests
{
    private const double Temperature = 0.2;

    [Theory]
    [InlineData("queue", 0.9)]
    [InlineData("mlp", 0.99)]
    public void A_run_of_AdamW_is_the_reference_s(string name, double momentum)
    {
        var run = new Run(name, momentum);
        var training = run.Case.GetProperty("training");
        var decayed = training.GetProperty("decayed").EnumerateArray().Select(static d => d.GetString()!).ToHashSet();
        var steps = new PlainSteps();
        var losses = training.GetProperty("loss_before_each_step").EnumerateArray().Select(static l => l.GetDouble()).ToArray();
        for (var step = 0; step < losses.Length; step++)
        {
            var gradients = run.Advance(losses[step], step);
            foreach (var (parameter, gradient) in gradients)
            {
                steps.AdamW(parameter, run.Weights[parameter], gradient, step + 1, training.GetProperty("lr").GetDouble(), decayed.Contains(parameter) ? training.GetProperty("weight_decay").GetDouble() : 0, 1e-8);
            }

            if (step == 0)
            {
                run.Compare("gradients", gradients);
                run.CompareState("outputs", "encoder_k_after.", "queue_after", "queue_ptr_after");
            }
        }

        run.CompareState("state_after", "encoder_k.", "queue", "queue_ptr");
    }

    [Theory]
    [InlineData("queue", 0.9)]
    [InlineData("mlp", 0.99)]
    public void A_run_of_SGD_is_the_reference_s(string name, double momentum)
    {
        var run = new Run(name, momentum);
        var training = run.Case.GetProperty("training_sgd");
        var steps = new PlainSteps();
        foreach (var (loss, step) in training.GetProperty("loss_before_each_step").EnumerateArray().Select(static (l, i) => (l.GetDouble(), i)))
        {
            foreach (var (parameter, gradient) in run.Advance(loss, step))
            {
                steps.Sgd(parameter, run.Weights[parameter], gradient, training.GetProperty("lr").GetDouble(), training.GetProperty("momentum").GetDouble(), training.GetProperty("weight_decay").GetDouble());
            }

            Assert.Equal(training.GetProperty("queue_ptr_after_each_step")[step].GetInt32(), run.Next);
        }
    }

    private sealed class Run
    {
        private readonly Dictionary<string, (int[] Shape, double[] Values)> _inputs;
        private readonly string _name;
        private readonly double _momentum;
        private readonly double[] _queue;
        private readonly int _width;
        private readonly Program _program;

        public Run(string name, double momentum)
        {
            (_name, _momentum) = (name, momentum);
            Case = JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden, name, "run.json"))).RootElement;
            var model = Stored("model");
            _inputs = Stored("inputs");
            Weights = model.Where(static t => t.Key.StartsWith("encoder", StringComparison.Ordinal)).ToDictionary(static t => t.Key, static t => t.Value.Values);
            (_queue, _width) = (Rows(model["queue"]), model["queue"].Shape[0]);
            Next = (int)Integer("model", "queue_ptr");
            var m = new ModelBuilder(isTraining: true, new PartNames(["encoder_k"]));
            var (q, k) = (m.Graph.Normalize(Encoder(m, "encoder_q", "im_q")), m.Graph.Normalize(Encoder(m, "encoder_k", "im_k")));
            var scaled = m.Graph.Scale(q, 1 / Temperature);
            var queue = m.Input("queue", Shape.Of(("key", _queue.Length / _width), ("width", _width)));
            m.Graph.Output("keys", k);
            m.Graph.Output("loss", m.Graph.KeyContrast(scaled, k, m.Input("mean", Shape.Scalar), queue, ownOnly: true));
            _program = Lower.Run(ModelPrograms.Optimize(m.Graph.Build(), Pass.Train, recompute: false), fuse: true);

            Value Encoder(ModelBuilder b, string side, string input)
            {
                using var scope = b.Scope(side);
                var x = b.Input(input, Shape.Of(("sample", _inputs[input].Shape[0]), ("width", _inputs[input].Shape[1])));
                x = b.Graph.Tanh(Layer("body", x));
                return name == "mlp" ? Layer("fc.2", b.Graph.Relu(Layer("fc.0", x))) : Layer("fc", x);

                Value Layer(string layer, Value from) => Linear.Apply(b, layer, from, model[$"{side}.{layer}.weight"].Shape[0], true, new Initializer.Constant(0));
            }
        }

        public JsonElement Case { get; }

        public Dictionary<string, double[]> Weights { get; }

        /// <summary>The row that is written next.</summary>
        public int Next { get; private set; }

        private static string Golden => Path.Combine(Folders.Root, "tests", "Golden", "moco");

        /// <summary>The reference moves its copy before a pass, where ours has moved behind the step before: only the first pass differs.</summary>
        public Dictionary<string, double[]> Advance(double loss, int step)
        {
            foreach (var (parameter, copy) in Weights.Where(static w => w.Key.StartsWith("encoder_k", StringComparison.Ordinal)))
            {
                PlainSteps.Follow(copy, Weights[parameter.Replace("encoder_k", "encoder_q")], _momentum);
            }

            var result = KernelInterpreter.Run(_program, new InterpreterData(1, 1, input => input switch
            {
                "queue" => _queue,
                "mean" => [1.0 / _inputs["im_q"].Shape[0]],
                _ => _inputs[input].Values,
            }, (parameter, _) => Weights[parameter.Name]));
            Assert.Null(Comparison.Of([loss], result.Outputs["loss"], Tolerances.Stored, $"loss of step {step}"));
            Next = PlainSteps.Push(_queue, result.Outputs["keys"], _width, Next);
            return result.Gradients.ToDictionary(static g => g.Key.Parameter.Name, static g => g.Value);
        }

        public void Compare(string file, Dictionary<string, double[]> values)
        {
            var stored = Stored(file);
            Assert.Equal(stored.Keys.Order(), values.Keys.Order());
            Assert.All(stored, t => Assert.Null(Comparison.Of(t.Value.Values, values[t.Key], Tolerances.Stored, t.Key, Tolerances.StoredFloor)));
        }

        public void CompareState(string file, string copy, string queue, string next)
        {
            var stored = Stored(file);
            Assert.All(Weights.Where(static w => w.Key.StartsWith("encoder_k", StringComparison.Ordinal)),
                w => Assert.Null(Comparison.Of(stored[w.Key.Replace("encoder_k.", copy)].Values, w.Value, Tolerances.Stored, w.Key)));
            Assert.Null(Comparison.Of(Rows(stored[queue]), _queue, Tolerances.Stored, queue));
            Assert.Equal(Integer(file, next), Next);
        }

        // A column of the reference's is a key.
        private static double[] Rows((int[] Shape, double[] Values) columns)
        {
            var (width, keys) = (columns.Shape[0], columns.Shape[1]);
            return [.. Enumerable.Range(0, keys * width).Select(i => columns.Values[(i % width * keys) + (i / width)])];
        }

        private long Integer(string file, string name)
        {
            using var tensors = new SafetensorsFile(Path.Combine(Golden, _name, file + ".safetensors"));
            return tensors.ReadIntegers(name)[0];
        }

        private Dictionary<string, (int[] Shape, double[] Values)> Stored(string file)
        {
            using var tensors = new SafetensorsFile(Path.Combine(Golden, _name, file + ".safetensors"));
            return tensors.Tensors.Where(static t => t.TypeName == "F32").ToDictionary(static t => t.Name, t => (t.Shape, tensors.ReadDoubles(t.Name)));
        }
    }
}
