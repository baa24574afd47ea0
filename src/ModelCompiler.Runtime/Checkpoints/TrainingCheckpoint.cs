using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Where a run is, beside what its model knows.</summary>
/// <param name="Batches">Batches that were used: the number of the next.</param>
/// <param name="BestLoss">Least held-out loss; NaN: there was no evaluation.</param>
/// <param name="BestStep">Steps that were done then.</param>
internal readonly record struct RunState(long Batches, double BestLoss, long BestStep)
{
    /// <summary>What numbers of batches stand for, in words; null: it cannot be said.</summary>
    public string? Data { get; init; }

    public static RunState Start => new(0, double.NaN, 0);
}

/// <summary>
/// All that a training step depends on, in one safetensors file: weights.*, optimizer.{state}.*, average.*, and in the metadata the step
/// (of which the learning rate is a function), the seed (of which, with the step, dropout is), the number of the next batch, what it is a number of,
/// and the configuration, as shapes alone do not tell models apart. A checksum of all this is the last tensor.
/// </summary>
internal static class TrainingCheckpoint
{
    private const string Format = "modelcompiler-training-2", WithoutChecksum = "modelcompiler-training-1", ChecksumName = "checksum";

    // Steps and batches beyond no run gets to: sums of a few of them do not overflow.
    private const long Most = 1L << 60;

    /// <exception cref="CheckpointException">The file cannot be written; what was there before still is.</exception>
    public static void Write(string path, ModelCore core, RunState run)
    {
        var notes = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["model"] = core.Description.Name,
            ["config"] = Encoding.UTF8.GetString(ConfigCheck.Write(core.Description.Checkpoint.Config)),
            ["step"] = Text(core.Steps),
            ["seed"] = Text(core.Seed),
            ["batches"] = Text(run.Batches),
            ["best_loss"] = Text(run.BestLoss),
            ["best_step"] = Text(run.BestStep),
        };
        if (run.Data is not null)
        {
            notes["data"] = run.Data;
        }

        var sum = new Checksum();
        sum.Add(notes);
        var tensors = Tensors(core).Select(t => new TensorToWrite(t.Name, t.Shape, () => Summed(t)));
        SafetensorsWriter.Write(path, [.. tensors, new(ChecksumName, TensorType.Bool, [Checksum.Bits], () => sum.Flags)], notes);

        // Values are asked for in the order of the tensors, once each.
        float[] Summed(Stored tensor)
        {
            var values = tensor.Read();
            sum.Add(values);
            return values;
        }
    }

    /// <summary>Sets the model to what the file holds, or changes nothing.</summary>
    /// <param name="accept">Gets what numbers of batches stood for, once all else is known to fit; throws where that is not what is meant.</param>
    /// <exception cref="CheckpointException">The file is malformed, no training checkpoint, or one of another model.</exception>
    public static RunState Read(string path, ModelCore core, Action<string?>? accept = null)
    {
        using var file = new SafetensorsFile(path);
        if (!file.Metadata.TryGetValue("format", out var format) || format is not (Format or WithoutChecksum))
        {
            throw new CheckpointException($"{path} is no training checkpoint: its format is {(format is null ? "not noted" : UntrustedText.Show(format))}, not {Format}. Weights alone are loaded by LoadPretrained.");
        }

        var step = Number(path, file, "step", 0L, Most);
        var seed = Number(path, file, "seed", 0UL, ulong.MaxValue);
        var best = Number(path, file, "best_loss", double.NegativeInfinity, double.PositiveInfinity);
        var run = new RunState(Number(path, file, "batches", 0L, Most), best, Number(path, file, "best_step", 0L, Most)) { Data = file.Metadata.GetValueOrDefault("data") };
        Stored[] tensors = [.. Tensors(core)];
        Check(path, file, tensors, core.Description, format == Format);
        var buffer = new float[tensors.Max(static t => t.Count)];
        if (format == Format)
        {
            CheckSum(path, file, tensors, buffer);
        }

        accept?.Invoke(run.Data);
        core.Restore(step, seed);
        foreach (var tensor in tensors)
        {
            var values = buffer.AsSpan(0, tensor.Count);
            file.Read(tensor.Name, 0, values);
            tensor.Memory.Write(tensor.Offset, values);
        }

        return run;
    }

    private static void CheckSum(string path, SafetensorsFile file, Stored[] tensors, float[] buffer)
    {
        var sum = new Checksum();
        sum.Add(file.Metadata);
        foreach (var tensor in tensors)
        {
            var values = buffer.AsSpan(0, tensor.Count);
            file.Read(tensor.Name, 0, values);
            sum.Add(values);
        }

        if (!file.ReadIntegers(ChecksumName).Select(static b => b != 0).SequenceEqual(sum.Flags))
        {
            throw new CheckpointException($"{path} is damaged: its checksum is not that of what it holds.");
        }
    }

    private static void Check(string path, SafetensorsFile file, Stored[] tensors, ModelDescription description, bool hasSum)
    {
        var wanted = tensors.Select(static t => t.Name).Concat(hasSum ? [ChecksumName] : []).ToHashSet();
        string[] problems =
        [
            .. Differences(path, file, description.Checkpoint.Config),
            .. wanted.Where(name => !file.Contains(name)).Select(static name => $"'{name}' is missing"),
            .. tensors.Where(t => file.Contains(t.Name) && (file[t.Name].TypeName != TensorType.F32.Name() || !file[t.Name].Shape.SequenceEqual(t.Shape)))
                .Select(t => $"'{t.Name}' is {UntrustedText.Show(file[t.Name].TypeName)} [{string.Join(", ", file[t.Name].Shape)}], the model has F32 [{string.Join(", ", t.Shape)}]"),
            .. file.Tensors.Where(t => !wanted.Contains(t.Name)).Select(static t => $"'{UntrustedText.Show(t.Name)}' is unknown"),
        ];
        if (problems.Length > 0)
        {
            var writer = UntrustedText.Show(file.Metadata.GetValueOrDefault("model", "another model"));
            var rest = problems.Length > 5 ? $"\n  and {problems.Length - 5} more" : "";
            throw new CheckpointException($"{path}, a checkpoint of {writer}, does not fit {description.Name}:\n  {string.Join("\n  ", problems.Take(5))}{rest}");
        }
    }

    private static string[] Differences(string path, SafetensorsFile file, ConfigEntry[] config)
    {
        try
        {
            using var json = JsonDocument.Parse(file.Metadata.GetValueOrDefault("config", ""));
            return ConfigCheck.Problems(config, json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"{path}: 'config' of the metadata is no JSON: {UntrustedText.Show(e.Message)}", e);
        }
    }

    private static T Number<T>(string path, SafetensorsFile file, string key, T least, T most)
        where T : struct, INumber<T>
    {
        var text = file.Metadata.GetValueOrDefault(key, "");
        return T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !(number < least) && !(number > most) ? number
            : throw new CheckpointException(FormattableString.Invariant($"{path}: '{key}' of the metadata is '{UntrustedText.Show(text)}'; it must be a number from {least} to {most}."));
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static IEnumerable<Stored> Tensors(ModelCore core)
    {
        var (description, engine) = (core.Description, core.Engine);
        foreach (var info in description.Parameters.Where(static p => p.Role != ParameterRole.Constant))
        {
            yield return new($"weights.{info.Name}", info, engine.Weights);
            if (info.Role != ParameterRole.Trained)
            {
                continue;
            }

            for (var i = 0; i < description.State.Length; i++)
            {
                yield return new($"optimizer.{description.State[i]}.{info.Name}", info, engine.State(i));
            }

            if (description.HasAverage)
            {
                yield return new($"average.{info.Name}", info, engine.Average);
            }
        }
    }

    private sealed record Stored(string Name, ParameterInfo Info, ParameterMemory Memory)
    {
        public int[] Shape => Info.Shape;

        public int Count => Info.Count;

        public long Offset => Info.Offset;

        public float[] Read()
        {
            var values = new float[Count];
            Memory.Read(Offset, values);
            return values;
        }
    }
}
