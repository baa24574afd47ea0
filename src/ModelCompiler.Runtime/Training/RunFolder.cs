using System.Globalization;
using ModelCompiler.Runtime.Checkpoints;

namespace ModelCompiler.Runtime.Training;

/// <summary>
/// The folder of a run: training checkpoints named by their step, best/ with the weights of the best evaluation, and a lock that is held
/// while a run writes here.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    public const string BestName = "best";
    private const string LockName = "run.lock", Prefix = "step-", Suffix = ".safetensors";
    private readonly string _path;
    private readonly int _keepLast;
    private readonly FileStream _lock;

    /// <exception cref="CheckpointException">The folder cannot be made or written, or another run writes to it.</exception>
    public RunFolder(string path, int keepLast)
    {
        (_path, _keepLast) = (path, keepLast);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"The folder '{path}' cannot be made: {e.Message}", e);
        }

        try
        {
            _lock = new FileStream(Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"The folder '{path}' cannot be used, or another run writes to it: {e.Message}", e);
        }

        // What runs that were killed were writing; nobody else writes while the lock is held.
        AtomicFile.DeleteLeftovers(path);
        AtomicFile.DeleteLeftovers(Best);
    }

    /// <summary>The checkpoint of most steps; null: there is none.</summary>
    public string? Newest => Checkpoints().OrderByDescending(static c => c.Step).FirstOrDefault().Path;

    /// <summary>The one before the newest; null: there is none.</summary>
    public string? BeforeNewest => Checkpoints().OrderByDescending(static c => c.Step).Skip(1).FirstOrDefault().Path;

    /// <summary>The weights of the best evaluation, for LoadPretrained.</summary>
    public string Best => Path.Combine(_path, BestName);

    /// <summary>
    /// Writes a checkpoint and deletes those beyond the number that is kept, and those of more steps: they are of a run that was
    /// given up when this one went on from before them.
    /// </summary>
    /// <returns>Its path.</returns>
    /// <exception cref="CheckpointException">It cannot be written; the others are still there.</exception>
    public string Save(ModelCore core, RunState run)
    {
        var path = Path.Combine(_path, FormattableString.Invariant($"{Prefix}{core.Steps:D10}{Suffix}"));
        TrainingCheckpoint.Write(path, core, run);
        var all = Checkpoints().ToArray();
        foreach (var old in all.Where(c => c.Step > core.Steps).Concat(all.Where(c => c.Step <= core.Steps).OrderByDescending(static c => c.Step).Skip(_keepLast)))
        {
            TryDelete(old.Path);
        }

        return path;
    }

    public void Dispose() => _lock.Dispose();

    private IEnumerable<(long Step, string Path)> Checkpoints()
    {
        foreach (var path in Directory.EnumerateFiles(_path, Prefix + "*" + Suffix))
        {
            if (long.TryParse(Path.GetFileName(path).AsSpan()[Prefix.Length..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var step))
            {
                yield return (step, path);
            }
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It only takes room; the next run tries again.
        }
    }
}
