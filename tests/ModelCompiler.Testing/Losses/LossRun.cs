using System.Text.Json;
using ModelCompiler.Compiler;
using ModelCompiler.Compiler.Ir.Kernels;
using ModelCompiler.Compiler.Layers;
using ModelCompiler.Compiler.Lowering;
using ModelCompiler.Compiler.Reference;

namespace ModelCompiler.Testing;

/// <summary>One pass of a stored loss; gradients by the folder's names.</summary>
internal sealed record LossPass(IReadOnlyDictionary<string, double[]> Outputs, IReadOnlyDictionary<string, double[]> Gradients)
{
    public double Loss => Outputs["loss"][0];

    public double GradientNorm => Math.Sqrt(Gradients.Values.Sum(static g => g.Sum(static v => v * v)));
}

/// <summary>A stored loss in double: its graph through the compiler's passes and the interpreter, optimizers as <see cref="PlainSteps"/>.</summary>
internal sealed class LossRun
{
    private readonly StoredLoss _loss;
    private readonly Dictionary<string, double[]> _inputs = [], _weights;
    private readonly Program _train, _evaluate;

    public LossRun(StoredLoss loss)
    {
        _loss = loss;
        _weights = loss.Folder.Model.ToDictionary(static t => t.Key, static t => (double[])t.Value.Values.Clone());
        (_train, _evaluate) = (Compile(Pass.Train), Compile(Pass.Evaluate));
    }

    /// <summary>Weights, and what else the model of the folder holds, as they are now.</summary>
    public IReadOnlyDictionary<string, double[]> Weights => _weights;

    /// <summary>A pass forward and back, and what moves with it.</summary>
    public LossPass Advance()
    {
        _loss.Begin(_weights);
        var result = Run(_train);
        var outputs = new Dictionary<string, double[]>(result.Outputs);
        foreach (var (name, values) in Run(_evaluate).Outputs)
        {
            outputs.TryAdd(name, values); // scores, which training does not store
        }

        _loss.End(_weights, outputs);
        foreach (var (name, values) in _loss.State(_weights))
        {
            outputs.Add(name, values);
        }

        return new LossPass(outputs, result.Gradients.ToDictionary(g => Theirs(g.Key.Parameter.Name), static g => g.Value));
    }

    /// <summary>Steps on the same batch, as a case describes them.</summary>
    /// <exception cref="NotSupportedException">Another optimizer, or other options than <see cref="PlainSteps"/> has.</exception>
    public IEnumerable<LossPass> Train(JsonElement training)
    {
        var step = Optimizer(training);
        for (var number = 1; number <= training.GetProperty("loss_before_each_step").GetArrayLength(); number++)
        {
            var pass = Advance();
            foreach (var (name, gradient) in pass.Gradients)
            {
                step(name, _weights[name], gradient, number);
            }

            yield return pass;
        }
    }

    private static Action<string, double[], double[], int> Optimizer(JsonElement training)
    {
        var steps = new PlainSteps();
        var (rate, decay, name) = (Real("lr"), Real("weight_decay"), training.GetProperty("optimizer").GetString());
        var decayed = training.GetProperty("decayed") is { ValueKind: JsonValueKind.Array } names ? names.EnumerateArray().Select(static n => n.GetString()).ToHashSet() : null;
        if (training.TryGetProperty("clip_global_norm", out var clip) && clip.ValueKind != JsonValueKind.Null)
        {
            throw new NotSupportedException($"training.clip_global_norm = {clip.GetRawText()} (supported: null)");
        }

        switch (name)
        {
            case "AdamW" when training.GetProperty("betas").EnumerateArray().Select(static b => b.GetDouble()).SequenceEqual([0.9, 0.999]):
                var epsilon = Real("eps");
                return (parameter, weights, gradient, step) => steps.AdamW(parameter, weights, gradient, step, rate, Decay(parameter), epsilon);
            case "SGD":
                var momentum = Real("momentum");
                return (parameter, weights, gradient, _) => steps.Sgd(parameter, weights, gradient, rate, momentum, Decay(parameter));
            default:
                throw new NotSupportedException($"training.optimizer = {name} (supported: AdamW with betas of 0.9 and 0.999, SGD)");
        }

        double Real(string key) => training.GetProperty(key).GetDouble();

        // "all" is every one.
        double Decay(string parameter) => decayed?.Contains(parameter) != false ? decay : 0;
    }

    private Program Compile(Pass pass)
    {
        var m = new ModelBuilder(isTraining: pass == Pass.Train, new PartNames(_loss.Frozen));
        _loss.Build(new LossBuilder(_loss.Folder, m, _inputs));
        return ProgramVerifier.Verify(Lower.Run(ModelPrograms.Optimize(m.Graph.Build(), pass, recompute: false), fuse: true));
    }

    private InterpreterResult Run(Program program) => KernelInterpreter.Run(program, new InterpreterData(1, 1, Input, (parameter, _) => _weights[Theirs(parameter.Name)]));

    private string Theirs(string parameter) => StoredLoss.Theirs(parameter, _weights);

    private double[] Input(string name) => _inputs.GetValueOrDefault(name) ?? _weights.GetValueOrDefault(name) ?? _loss.Folder.Inputs[StoredLoss.Theirs(name, _loss.Folder.Inputs)].Values;
}
