namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>A table of positions that was made for pictures of another size.</summary>
/// <param name="Name">The tensor's name in the file.</param>
/// <param name="From">The file's grid of patches.</param>
/// <param name="To">The model's.</param>
public sealed record ResizedTable(string Name, GridSize From, GridSize To)
{
    public override string ToString() => $"{Name} from {From} to {To}";
}

/// <summary>What loading a folder did.</summary>
/// <param name="Loaded">Tensors that were read.</param>
/// <param name="Skipped">Tensors of the file that the model has no place for.</param>
/// <param name="Ignored">Tensors of the format that hold no weights, or hold them twice.</param>
/// <param name="Unread">Keys of config.json that the format does not know.</param>
/// <param name="Resized">Those of <paramref name="Loaded"/> that were resized to the model's grid of patches; the others were loaded as they are.</param>
public sealed record LoadReport(IReadOnlyList<string> Loaded, IReadOnlyList<string> Skipped, IReadOnlyList<string> Ignored, IReadOnlyList<string> Unread, IReadOnlyList<ResizedTable> Resized)
{
    /// <summary>What training keeps besides weights, where the folder has nothing of it: copies became what they follow, queues are as in a new model.</summary>
    public IReadOnlyList<string> Begun { get; init; } = [];

    public override string ToString() => $"{Loaded.Count} tensors loaded"
        + (Resized.Count == 0 ? "" : $"; resized: {string.Join(", ", Resized)}")
        + (Begun.Count == 0 ? "" : $"; not there and begun anew: {string.Join(", ", Begun.GroupBy(static n => n.Split('.')[0]).Select(static g => $"{g.Key} ({g.Count()})"))}")
        + (Skipped.Count == 0 ? "" : $"; skipped: {string.Join(", ", Skipped)}")
        + (Ignored.Count == 0 ? "" : $"; ignored: {string.Join(", ", Ignored)}")
        + (Unread.Count == 0 ? "" : $"; unread keys of config.json: {string.Join(", ", Unread)}");
}
