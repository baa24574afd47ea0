using System.Text.Json;

namespace ModelCompiler.Testing;

internal enum LossPart
{
    Output,
    Gradient,
    Curve,
}

/// <summary>A number or tensor of a stored loss, as the reference has it and as it is here; empty where only one of both has it.</summary>
internal sealed record LossFinding(LossPart Part, string What, double[] Expected, double[] Actual);

/// <summary>All that a stored loss says, beside what is computed in double: outputs and gradients of a pass, every step of each of its trainings, and what they leave behind.</summary>
internal static class LossFindings
{
    public static IEnumerable<LossFinding> Of(StoredLoss loss)
    {
        var folder = loss.Folder;
        var pass = new LossRun(loss).Advance();
        return [.. Outputs(loss, pass), .. Gradients(folder, pass), .. Training(loss, "training", folder.StateAfter), .. Training(loss, "training_sgd", new Dictionary<string, StoredTensor>())];
    }

    private static IEnumerable<LossFinding> Outputs(StoredLoss loss, LossPass pass) => loss.Folder.Outputs.Where(t => !loss.Unformed.Contains(t.Key))
        .Select(t => new LossFinding(LossPart.Output, t.Key, t.Value.Values, pass.Outputs.GetValueOrDefault(StoredLoss.Output(t.Key), [])));

    private static IEnumerable<LossFinding> Gradients(LossFolder folder, LossPass pass) => folder.Gradients.Keys.Union(pass.Gradients.Keys)
        .Select(name => new LossFinding(LossPart.Gradient, $"gradient of {name}", folder.Gradients.GetValueOrDefault(name)?.Values ?? [], pass.Gradients.GetValueOrDefault(name, [])));

    private static IEnumerable<LossFinding> Training(StoredLoss loss, string key, IReadOnlyDictionary<string, StoredTensor> state)
    {
        if (!loss.Folder.Case.TryGetProperty(key, out var training))
        {
            yield break;
        }

        var run = new LossRun(loss);
        var step = 0;
        foreach (var pass in run.Train(training))
        {
            yield return Number("loss_before_each_step", pass.Loss, $"loss of step {step}")!;
            if (Number("gradient_norm_before_clipping", pass.GradientNorm, $"gradient norm of step {step}") is { } norm)
            {
                yield return norm;
            }

            if (run.Weights.TryGetValue("queue_ptr", out var next) && Number("queue_ptr_after_each_step", next[0], $"queue_ptr behind step {step}") is { } row)
            {
                yield return row;
            }

            step++;
        }

        foreach (var norm in training.GetProperty("parameter_norm_after").EnumerateObject())
        {
            yield return Norm(norm.Name, norm.Value);
        }

        if (training.TryGetProperty("queue_norm_after", out var ofQueue))
        {
            yield return Norm("queue", ofQueue);
        }

        foreach (var (name, tensor) in state)
        {
            yield return new LossFinding(LossPart.Curve, $"{name} after {key}", tensor.Values, run.Weights.GetValueOrDefault(name, []));
        }

        // Null where the case has no such list.
        LossFinding? Number(string list, double actual, string what) => training.TryGetProperty(list, out var numbers) && numbers.ValueKind == JsonValueKind.Array
            ? new LossFinding(LossPart.Curve, $"{what} of {key}", numbers.GetArrayLength() > step ? [numbers[step].GetDouble()] : [], [actual]) : null;

        LossFinding Norm(string name, JsonElement expected) =>
            new(LossPart.Curve, $"norm of {name} after {key}", [expected.GetDouble()], run.Weights.TryGetValue(name, out var values) ? [Math.Sqrt(values.Sum(static v => v * v))] : []);
    }
}
