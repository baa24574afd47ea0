namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Lengths of files that need not be trusted.</summary>
internal static class FileLength
{
    /// <summary>Bytes of a file. Links are followed: <see cref="FileInfo"/> gives a link's own length, and caches are folders of links.</summary>
    /// <returns>0 for pipes and devices, which must not even be opened: that might never end.</returns>
    /// <exception cref="IOException">There is no such file.</exception>
    public static long Of(string path) => (File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path)).Length;
}
