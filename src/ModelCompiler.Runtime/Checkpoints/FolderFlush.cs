using System.Runtime.InteropServices;

namespace ModelCompiler.Runtime.Checkpoints;

/// <summary>Flushes a folder's list of names to the disk, which the framework cannot do.</summary>
internal static partial class FolderFlush
{
    /// <summary>True where the system did it; false on Windows, whose renames need no flush, and where the file system has no such operation.</summary>
    public static bool Run(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        var handle = Open(folder, 0);
        if (handle < 0)
        {
            return false;
        }

        var result = Flush(handle);
        _ = Close(handle);
        return result == 0;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int readOnly);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
