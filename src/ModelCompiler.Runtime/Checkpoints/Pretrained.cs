namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>What loading a folder did.</summary>
/// <param name="Loaded">Tensors that were read.</param>
/// <param name="Skipped">Tensors of the file that the model has no place for.</param>
/// <param name="Ignored">Tensors of the format that hold no weights, or hold them twice.</param>
/// <param name="Unread">Keys of config.json that the format does not know.</param>
public sealed record LoadReport(IReadOnlyList<string> Loaded, IReadOnlyList<string> Skipped, IReadOnlyList<string> Ignored, IReadOnlyList<string> Unread)
{
    public override string ToString() => $"{Loaded.Count} tensors loaded"
        + (Skipped.Count == 0 ? "" : $"; skipped: {string.Join(", ", Skipped)}")
        + (Ignored.Count == 0 ? "" : $"; ignored: {string.Join(", ", Ignored)}")
        + (Unread.Count == 0 ? "" : $"; unread keys of config.json: {string.Join(", ", Unread)}");
}

/// <summary>Weights from and to folders in a format's own names and layouts.</summary>
public static class Pretrained
{
    private const string ConfigName = "config.json";

    /// <summary>Reads all weights, or changes nothing.</summary>
    /// <exception cref="CheckpointException">The folder is malformed or describes another model.</exception>
    public static LoadReport Load(string folder, CheckpointTable table, IReadOnlyDictionary<string, Parameter> parameters)
    {
        if (!Directory.Exists(folder))
        {
            throw new CheckpointException($"There is no folder '{folder}'.");
        }

        var unread = ConfigCheck.Compare(Path.Combine(folder, ConfigName), table);
        using var files = new WeightFiles(folder);
        var problems = new List<string>();
        var found = table.Bindings.Select(b => (Binding: b, Name: Find(files, table, b, problems))).ToArray();
        if (problems.Count > 0)
        {
            throw new CheckpointException($"The weights of {folder} do not fit the model:\n  {string.Join("\n  ", problems)}");
        }

        // Behind this line nothing can fail: the files are checked, and memory for the largest parameter is there.
        var buffer = new float[table.Bindings.SelectMany(static b => b.Parameters).Max(p => parameters[p].Count)];
        foreach (var (binding, name) in found)
        {
            TensorLayout.Load(binding, files.Find(name!)!, name!, parameters, buffer);
        }

        var loaded = found.Select(static f => f.Name!).ToHashSet();
        var rest = files.Tensors.Select(static t => t.Name).Where(n => !loaded.Contains(n)).ToArray();
        return new LoadReport([.. loaded], [.. rest.Where(n => !table.Ignores(n))], [.. rest.Where(table.Ignores)], [.. unread.Select(UntrustedText.Show)]);
    }

    /// <summary>Writes configuration and weights; a reader sees each file old or whole.</summary>
    /// <exception cref="CheckpointException">The folder cannot be written; what was there before still is.</exception>
    public static void Save(string folder, CheckpointTable table, IReadOnlyDictionary<string, Parameter> parameters)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"The folder '{folder}' cannot be made: {e.Message}", e);
        }

        TensorToWrite[] tensors = [.. table.Bindings.Select(b => new TensorToWrite(b.Name, b.StoredShape, () => TensorLayout.Stored(b, parameters, static p => p.ToArray())))];
        AtomicFile.Write(
            folder,
            (WeightFiles.FileName, stream => SafetensorsWriter.Write(stream, tensors)),
            (ConfigName, stream => stream.Write(ConfigCheck.Write(table.Config))));
    }

    /// <summary>Values of a binding's parameters in the file's layout: weights, or anything of the same shape, such as gradients.</summary>
    public static float[] Stored(TensorBinding binding, IReadOnlyDictionary<string, Parameter> parameters, Func<Parameter, float[]> values) =>
        TensorLayout.Stored(binding, parameters, values);

    private static string? Find(WeightFiles files, CheckpointTable table, TensorBinding binding, List<string> problems)
    {
        if (table.NamesOf(binding).FirstOrDefault(n => files.Find(n) is not null) is not { } name)
        {
            problems.Add($"'{binding.Name}' [{string.Join(", ", binding.StoredShape)}] is missing");
            return null;
        }

        var entry = files.Find(name)![name];
        if (!entry.Shape.SequenceEqual(binding.StoredShape))
        {
            problems.Add($"'{name}' is [{string.Join(", ", entry.Shape)}], the attributes say [{string.Join(", ", binding.StoredShape)}]");
        }
        else if (TensorTypes.Parse(entry.TypeName) is not { } type)
        {
            problems.Add($"'{name}' has the element type {UntrustedText.Show(entry.TypeName)}, which cannot be read");
        }
        else if (!type.IsFloat())
        {
            problems.Add($"'{name}' has the element type {entry.TypeName}: whole numbers are no weights; a quantised file must be converted first");
        }

        return name;
    }
}
