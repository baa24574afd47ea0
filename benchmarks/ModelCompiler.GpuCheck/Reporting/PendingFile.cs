namespace ModelCompiler.GpuCheck.Reporting;

/// <summary>A file that is written at the end of a run of minutes: whether it can be is known before, and what was there stays until then.</summary>
internal sealed class PendingFile : IDisposable
{
    private readonly string _file;

    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    public PendingFile(string file)
    {
        (_file, Partial) = (file, file + ".partial");
        if (Directory.Exists(file))
        {
            throw new IOException($"{file} is a folder.");
        }

        File.Create(Partial).Dispose();
    }

    /// <summary>Where it is written until then.</summary>
    public string Partial { get; }

    /// <summary>Opens a file; null: it cannot be written, which has been said.</summary>
    public static PendingFile? Open(string file, TextWriter output)
    {
        try
        {
            return new PendingFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            output.WriteLine($"'{file}' cannot be written: {e.Message}");
            return null;
        }
    }

    /// <summary>Puts what was written in the place of what was there.</summary>
    public void Keep()
    {
        using (var written = File.OpenHandle(Partial, access: FileAccess.ReadWrite))
        {
            RandomAccess.FlushToDisk(written);
        }

        File.Move(Partial, _file, overwrite: true);
    }

    /// <summary>Without <see cref="Keep"/> nothing of it stays.</summary>
    public void Dispose() => File.Delete(Partial);
}
