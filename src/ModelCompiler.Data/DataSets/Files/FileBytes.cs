namespace ModelCompiler.Data;

/// <summary>Whole small files.</summary>
internal static class FileBytes
{
    /// <summary>A picture is less; a longer file would only take memory before it is refused.</summary>
    public const int Most = 1 << 28;

    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is too long.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return Read(file, 0, RandomAccess.GetLength(file), path);
        }
        catch (Exception e) when (Found.IsNone(e, path))
        {
            throw Found.Missing(path);
        }
    }

    /// <summary>Bytes from somewhere in a file.</summary>
    /// <exception cref="InvalidDataException">Too many are asked for, or the file ends before them.</exception>
    public static byte[] Read(Microsoft.Win32.SafeHandles.SafeFileHandle file, long start, long length, string name)
    {
        if (length is < 0 or > Most)
            throw new InvalidDataException($"{name}: {length} bytes; legal is up to {Most}.");
        var bytes = new byte[length];
        var at = 0;
        while (at < bytes.Length)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(at), start + at);
            if (read == 0)
                throw new InvalidDataException($"{name}: the file ends after {at} of {length} bytes.");
            at += read;
        }

        return bytes;
    }
}
