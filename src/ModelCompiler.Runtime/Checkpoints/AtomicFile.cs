namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Writes files so that readers see the old one or the whole new one, whatever happens in between.</summary>
internal static class AtomicFile
{
    private const string Ending = ".tmp";

    /// <summary><see cref="Replace"/> for files of a checkpoint.</summary>
    /// <exception cref="CheckpointException">The folder cannot be written or the disk is full; the old files are still there.</exception>
    public static void Write(string folder, params ReadOnlySpan<(string Name, Action<Stream> Write)> files)
    {
        try
        {
            Replace(folder, files);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw new CheckpointException($"{Path.Combine(folder, files[0].Name)} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>
    /// Writes beside the targets, flushes to the disk, renames, and flushes the folder, without which a loss of power could undo the
    /// renaming. All files are written before the first is renamed: a full disk replaces none of them.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be written or the disk is full; the old files are still there.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder must not be written.</exception>
    public static void Replace(string folder, params ReadOnlySpan<(string Name, Action<Stream> Write)> files)
    {
        // Savers of one folder, in this process or another, do not meet in a temporary file.
        var suffix = $".{Guid.NewGuid():N}{Ending}";
        try
        {
            foreach (var (name, write) in files)
            {
                using var stream = new FileStream(Path.Combine(folder, name + suffix), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            foreach (var (name, _) in files)
            {
                File.Move(Path.Combine(folder, name + suffix), Path.Combine(folder, name), overwrite: true);
            }

            FolderFlush.Run(folder);
        }
        catch
        {
            foreach (var (name, _) in files)
            {
                TryDelete(Path.Combine(folder, name + suffix));
            }

            throw;
        }
    }

    /// <summary>Deletes what writers that were killed have left; no other may be writing to the folder.</summary>
    public static void DeleteLeftovers(string folder)
    {
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"*{Ending}") : [])
        {
            // Files of other programs are none of ours.
            if (Path.GetFileName(path) is { Length: > 37 } name && name[^37] == '.' && Guid.TryParseExact(name.AsSpan()[^36..^4], "N", out _))
            {
                TryDelete(path);
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
            // The first failure is the one to report; a file that stays only takes room.
        }
    }
}
