namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Weights from and to folders in a format's own names and layouts.</summary>
public static class Pretrained
{
    /// <summary>Reads all weights, or changes nothing. A table of positions for pictures of another size is resized.</summary>
    /// <param name="states">Names of parameters of which a folder may have none: of each group all or none, which then keep their values.</param>
    /// <exception cref="CheckpointException">The folder is malformed or describes another model.</exception>
    public static LoadReport Load(string folder, CheckpointTable table, IReadOnlyDictionary<string, Parameter> parameters, params IReadOnlyCollection<string>[] states)
    {
        if (!Directory.Exists(folder))
        {
            throw new CheckpointException($"There is no folder '{folder}'.");
        }

        var config = ConfigCheck.Compare(FolderNames.ConfigPath(folder), table);
        using var files = new WeightFiles(folder);
        var problems = new List<string>();
        var absent = states.Select(s => table.Bindings.Where(b => b.Parameters.Any(s.Contains)).ToArray()).Where(group => !group.Any(b => NameOf(files, table, b) is not null)).SelectMany(static b => b).ToHashSet();
        var found = table.Bindings.Where(b => !absent.Contains(b)).Select(b => Find(files, table, b, config.Pictures, problems)).OfType<Found>().ToArray();
        if (problems.Count > 0)
        {
            throw new CheckpointException($"The weights of {folder} do not fit the model:\n  {string.Join("\n  ", problems)}");
        }

        var resized = found.Where(static f => f.Resize is not null).ToDictionary(static f => f.Binding, f => f.Resize!.Apply(files.Find(f.Name)!.Read(f.Name)));

        // Behind this line nothing can fail: the files are checked, and memory for the largest parameter is there.
        var buffer = new float[table.Bindings.SelectMany(static b => b.Parameters).Select(p => parameters[p].Count).DefaultIfEmpty().Max()];
        foreach (var (binding, name, _) in found)
        {
            if (resized.TryGetValue(binding, out var values))
            {
                parameters[binding.Parameters.Single()].Set(values);
            }
            else
            {
                TensorLayout.Load(binding, files.Find(name)!, name, parameters, buffer);
            }
        }

        var loaded = found.Select(static f => f.Name).ToHashSet();
        var rest = files.Tensors.Select(static t => t.Name).Where(n => !loaded.Contains(n)).ToArray();
        return new LoadReport([.. loaded], [.. rest.Where(n => !table.Ignores(n))], [.. rest.Where(table.Ignores)], [.. config.Unread.Select(static k => UntrustedText.Show(k))],
            [.. found.Where(static f => f.Resize is not null).Select(static f => new ResizedTable(f.Name, f.Resize!.From, f.Binding.Grid!.Size))])
        {
            Begun = [.. absent.SelectMany(static b => b.Parameters)],
        };
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
        var (weights, config, entries) = FolderNames.ToSave(folder, table);
        AtomicFile.Write(
            folder,
            (weights, stream => SafetensorsWriter.Write(stream, tensors)),
            (config, stream => stream.Write(ConfigCheck.Write(entries))));
    }

    /// <summary>Values of a binding's parameters in the file's layout: weights, or anything of the same shape, such as gradients.</summary>
    public static float[] Stored(TensorBinding binding, IReadOnlyDictionary<string, Parameter> parameters, Func<Parameter, float[]> values) =>
        TensorLayout.Stored(binding, parameters, values);

    private static Found? Find(WeightFiles files, CheckpointTable table, TensorBinding binding, GridSize? pictures, List<string> problems)
    {
        if (NameOf(files, table, binding) is not { } name)
        {
            problems.Add($"'{binding.Name}' [{string.Join(", ", binding.StoredShape)}] is missing");
            return null;
        }

        var entry = files.Find(name)![name];
        var resize = TableResize.Find(binding, entry.Shape, pictures);
        if (!entry.Shape.SequenceEqual(resize?.StoredShape ?? binding.StoredShape))
        {
            problems.Add($"'{name}' is [{string.Join(", ", entry.Shape)}], {Expected(binding, resize, pictures)}");
        }
        else if (TensorTypes.Parse(entry.TypeName) is not { } type)
        {
            problems.Add($"'{name}' has the element type {UntrustedText.Show(entry.TypeName)}, which cannot be read");
        }
        else if (!type.IsFloat())
        {
            problems.Add($"'{name}' has the element type {entry.TypeName}: whole numbers are no weights; a quantised file must be converted first");
        }

        return new Found(binding, name, resize);
    }

    private static string? NameOf(WeightFiles files, CheckpointTable table, TensorBinding binding) => table.NamesOf(binding).FirstOrDefault(n => files.Find(n) is not null);

    private static string Expected(TensorBinding binding, TableResize? resize, GridSize? pictures) => (binding.Grid, resize) switch
    {
        ({ } grid, { } other) => $"{grid.Key} of {FolderNames.Config}, a grid of {other.From}, says [{string.Join(", ", other.StoredShape)}]",
        ({ } grid, null) when pictures is null => $"the attributes say [{string.Join(", ", binding.StoredShape)}], and {FolderNames.Config} does not say another {grid.Key}",
        _ => $"the attributes say [{string.Join(", ", binding.StoredShape)}]",
    };

    private sealed record Found(TensorBinding Binding, string Name, TableResize? Resize);
}
