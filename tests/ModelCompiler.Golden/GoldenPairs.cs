using ModelCompiler.Cli.Hosting;
using ModelCompiler.Compiler.Spec;
using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;
using ModelCompiler.Testing;

namespace ModelCompiler.Golden;

/// <summary>A stored loss of pairs as a model: its towers are given the rows of the unit matrix, so that their projections' columns are the vectors that the case trains.</summary>
internal sealed class GoldenPairs : IGoldenBatch
{
    private readonly PairLoss _loss;
    private readonly HostedModel _hosted;
    private readonly TensorBinding[] _bindings;

    /// <param name="hasGpu">Emit programs for GPUs too.</param>
    public GoldenPairs(PairLoss loss, GoldenTraining? training, bool hasGpu)
    {
        if (training is { ClipNorm: { } norm })
        {
            throw new UnsupportedException(FormattableString.Invariant($"training.clip_global_norm = {norm} (supported: null)"));
        }

        AttributeSpec[] optimizer = training is { Optimizer: GoldenModel.Optimizer } ? [new AttributeSpec(GoldenModel.Optimizer, new([.. GoldenModel.Steps(training)]), default)] : [];
        _loss = loss;
        _hosted = HostedModel.Compile(new ModelSpec(new TypeSpec("Golden", default, "Model", "public"), new([.. loss.Attributes, .. optimizer])) { HasGpu = hasGpu });
        _bindings = [.. loss.Folder.Model.Select(static t => new TensorBinding(t.Key, [], [PairLoss.HomeOf(t.Key)], t.Value.Shape.Length == 2, t.Value.Shape))];
    }

    public int Batch => _loss.Pairs;

    public int Length => 1;

    public void Set(ModelCore core)
    {
        float[] unit = [.. Enumerable.Range(0, Batch * Batch).Select(i => i / Batch == i % Batch ? 1f : 0)];
        foreach (var input in core.Description.Inputs.Select(static i => i.Name))
        {
            if (input.EndsWith("_scale", StringComparison.Ordinal))
            {
                core.SetScale(input, Batch);
            }
            else
            {
                core.SetInput(input, input.EndsWith(".vectors", StringComparison.Ordinal) ? unit : Array.ConvertAll(_loss.Folder.Inputs[StoredLoss.Theirs(input, _loss.Folder.Inputs)].Values, static v => (float)v));
            }
        }
    }

    public GoldenResult Run(GoldenFiles files, Device device)
    {
        using var model = _hosted.Create(device, seed: 1);
        var core = model.Core;
        Pretrained.Load(files.Folder, new CheckpointTable("", [], _bindings, [], []), core.Parameters);
        Set(core);
        var losses = new List<double> { core.Evaluate(Batch, Length) };
        var outputs = Outputs(files, core);
        Set(core);
        losses.Add(core.ComputeGradients(Batch, Length, accumulate: false));
        var gradients = GoldenGradients.Compare(files, core, _bindings);
        return GoldenResult.Of(files.Name, outputs, gradients, GoldenCurve.Compare(files, core, _bindings, this, losses), losses) with { NotCompared = _loss.NotCompared };
    }

    private GoldenError Outputs(GoldenFiles files, ModelCore core) => _loss.Folder.Outputs.Where(t => !_loss.Unformed.Contains(t.Key)).Aggregate(default(GoldenError), (error, t) =>
        error.Or(core.HasOutput(StoredLoss.Output(t.Key)) ? GoldenLoss.Difference(new LossFinding(LossPart.Output, t.Key, t.Value.Values, Array.ConvertAll(core.Output(StoredLoss.Output(t.Key)), static v => (double)v))) / files.Tolerance("outputs") : double.PositiveInfinity, t.Key));
}
