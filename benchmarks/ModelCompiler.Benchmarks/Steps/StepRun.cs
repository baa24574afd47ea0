using ModelCompiler.Runtime;

namespace ModelCompiler.Benchmarks.Steps;

/// <summary>A model with one batch of made-up inputs.</summary>
internal sealed class StepRun : IDisposable
{
    private readonly StepCase _case;
    private readonly IModel _model;
    private readonly Dictionary<string, Array> _inputs = [];

    public StepRun(StepCase step, IModel model)
    {
        (_case, _model) = (step, model);
        var random = new Random(1);
        foreach (var info in model.Core.Description.Inputs.Where(static i => !i.IsDrawn))
        {
            var count = (int)info.Count(step.Batch, step.Length);
            _inputs.Add(info.Name, info.IsInteger
                ? Array.ConvertAll<int, int>([.. Enumerable.Range(0, count)], i => Integer(info.Name, i, random))
                : Array.ConvertAll(new float[count], _ => Real(info.Name, random)));
        }
    }

    public ModelCore Core => _model.Core;

    public long Parameters => _model.Core.Parameters.Values.Sum(static p => (long)p.Count);

    /// <summary>Forward, backward, clipping, AdamW. Returns the loss before the step.</summary>
    public double Step()
    {
        var loss = ComputeGradients();
        _model.Core.Step();
        return loss;
    }

    /// <summary>Forward and backward.</summary>
    public double ComputeGradients()
    {
        SetInputs();
        return _model.Core.ComputeGradients(_case.Batch, _case.Length, accumulate: false);
    }

    /// <summary>Forward alone.</summary>
    public double Evaluate()
    {
        SetInputs();
        return _model.Core.Evaluate(_case.Batch, _case.Length);
    }

    public void Dispose() => _model.Dispose();

    private int Integer(string name, int index, Random random) => name[(name.LastIndexOf('.') + 1)..] switch
    {
        "mask" => 1,
        "positions" => index % _case.Length,
        "segments" => 0,
        "last" => _case.Length - 1,
        _ => random.Next(_case.Outputs),
    };

    private float Real(string name, Random random) => name switch
    {
        "pairs_scale" => 1f / _case.Batch,
        _ when name.EndsWith("_scale", StringComparison.Ordinal) => 1f / _case.Targets,
        _ => (float)((2 * random.NextDouble()) - 1),
    };

    private void SetInputs()
    {
        foreach (var (name, values) in _inputs)
        {
            if (values is int[] integers)
            {
                _model.Core.SetInput(name, integers);
            }
            else
            {
                _model.Core.SetInput(name, (float[])values);
            }
        }
    }
}
