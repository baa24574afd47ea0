using ModelCompiler.Runtime;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Golden;

/// <summary>The steps of training of a case: losses, norms of gradients, what decays, what stays, norms of the tensors that come out.</summary>
internal static class GoldenCurve
{
    /// <param name="of">Which parameters each tensor is made of.</param>
    /// <param name="losses">Where the losses of the steps are added.</param>
    public static GoldenError Compare(GoldenFiles files, ModelCore core, IReadOnlyList<TensorBinding> of, IGoldenBatch batch, ICollection<double> losses)
    {
        if (files.Training is not { } training)
        {
            return default;
        }

        if (training.Optimizer != GoldenModel.Optimizer)
        {
            return default(GoldenError).Or(double.PositiveInfinity, $"training.optimizer is {training.Optimizer}, not {GoldenModel.Optimizer}");
        }

        var frozen = core.Parameters.Values.Where(static p => p.IsFrozen).ToDictionary(static p => p, static p => p.ToArray());
        TensorBinding[] trained = [.. of.Where(b => b.Parameters.Any(p => !core.Parameters[p].IsFrozen))];
        var error = Steps(files, training, core, batch, losses).Or(Decay(training, core, trained)).Or(Norms(files, training, core, trained));
        foreach (var (parameter, before) in frozen)
        {
            error = error.Or(before.AsSpan().SequenceEqual(parameter.ToArray()) ? 0 : double.PositiveInfinity, $"frozen {parameter.Name} has moved");
        }

        return error;
    }

    private static GoldenError Steps(GoldenFiles files, GoldenTraining training, ModelCore core, IGoldenBatch batch, ICollection<double> losses)
    {
        var (expected, norms) = (training.Losses, training.GradientNorms);
        var error = default(GoldenError).Or(norms is null || norms.Length == expected.Length ? 0 : double.PositiveInfinity, "as many norms of gradients as losses");
        for (var step = 0; step < Math.Min(expected.Length, norms?.Length ?? expected.Length); step++)
        {
            batch.Set(core);
            var loss = core.ComputeGradients(batch.Batch, batch.Length, accumulate: false);
            core.Step();
            losses.Add(loss);
            error = error.Or(Relative(loss, expected[step]) / files.Tolerance("curve"), $"loss of step {step}");
            error = norms is null ? error : error.Or(Relative(core.LastGradientNorm, norms[step]) / Tolerance(files), $"gradient norm of step {step}");
        }

        return error;
    }

    // A tensor that is made of several parameters decays as a whole.
    private static GoldenError Decay(GoldenTraining training, ModelCore core, IEnumerable<TensorBinding> trained)
    {
        var error = default(GoldenError);
        var decays = core.Description.Parameters.Where(static p => p.Role == ParameterRole.Trained).ToDictionary(static p => p.Name, static p => p.Decays);
        foreach (var binding in training.WeightDecay == 0 ? [] : trained)
        {
            var isDecayed = training.Decayed.Contains(binding.Name);
            error = error.Or(binding.Parameters.All(p => decays[p] == isDecayed) ? 0 : double.PositiveInfinity, $"{binding.Name} decays {(isDecayed ? "in the reference" : "here")} alone");
        }

        return error;
    }

    private static GoldenError Norms(GoldenFiles files, GoldenTraining training, ModelCore core, IEnumerable<TensorBinding> trained)
    {
        var error = default(GoldenError);
        var bindings = trained.ToDictionary(static b => b.Name);
        foreach (var (name, expected) in training.ParameterNorms)
        {
            error = bindings.TryGetValue(name, out var binding)
                ? IsNoise(files, binding) ? error : error.Or(Relative(Norm(Pretrained.Stored(binding, core.Parameters, static p => p.ToArray())), expected) / Tolerance(files), $"norm of {name} after training")
                : error.Or(double.PositiveInfinity, $"{name} is trained in the reference alone");
        }

        return error;
    }

    // Softmax does not see the bias of keys: its gradient is rounding alone, of which AdamW makes whole steps.
    private static bool IsNoise(GoldenFiles files, TensorBinding binding) => files.ZeroGradients.Contains(binding.Name) || files.PartlyZeroGradients.ContainsKey(binding.Name)
        || binding.Parameters.Any(static p => p.EndsWith(".attention.key.bias", StringComparison.Ordinal));

    // Rounding of gradients moves norms too.
    private static double Tolerance(GoldenFiles files) => Math.Max(files.Tolerance("curve"), files.Tolerance("gradients"));

    private static double Relative(double actual, double expected) => Math.Abs(actual - expected) / Math.Abs(expected);

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(static v => (double)v * v));
}
