using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace ModelCompiler.Data;

/// <summary>
/// A file whose bytes can be read anywhere, by several threads. One that is packed with gzip, told by its first bytes, is unpacked to a
/// temporary file that is gone when this one is closed, or the process ends.
/// </summary>
internal sealed class SeekableFile : IDisposable
{
    /// <summary>Most bytes that a packed file may unpack to unless told otherwise: 64 GiB.</summary>
    public const long DefaultMostUnpacked = 1L << 36;

    private readonly FileStream _stream;

    private SeekableFile(FileStream stream, string name) => (_stream, Name, Length) = (stream, name, stream.Length);

    /// <summary>The path that it was opened by.</summary>
    public string Name { get; }

    public long Length { get; }

    public SafeFileHandle Handle => _stream.SafeFileHandle;

    /// <summary>All of it, from its start; closing that closes the file.</summary>
    public Stream AsStream()
    {
        _stream.Position = 0;
        return _stream;
    }

    /// <param name="mostUnpacked">Most bytes that it may unpack to.</param>
    /// <exception cref="FileNotFoundException">There is none; the message says what the folder holds.</exception>
    /// <exception cref="InvalidDataException">What it packs is broken, or too long.</exception>
    public static SeekableFile Open(string path, long mostUnpacked = DefaultMostUnpacked)
    {
        var file = OpenPlain(path);
        try
        {
            if (file.ReadByte() != 0x1F || file.ReadByte() != 0x8B)
                return new SeekableFile(file, path);
            file.Position = 0;
            using (file)
                return new SeekableFile(Unpack(file, path, mostUnpacked), path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>Fills <paramref name="bytes"/> as far as the file goes.</summary>
    public int Read(Span<byte> bytes, long start)
    {
        var at = 0;
        while (at < bytes.Length && RandomAccess.Read(Handle, bytes[at..], start + at) is > 0 and var read)
            at += read;
        return at;
    }

    private static FileStream OpenPlain(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        }
        catch (Exception e) when (Found.IsNone(e, path))
        {
            throw Found.Missing(path);
        }
    }

    private static FileStream Unpack(FileStream packed, string name, long most)
    {
        var unpacked = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        try
        {
            using var gzip = new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true);
            var buffer = new byte[1 << 17];
            while (gzip.Read(buffer) is > 0 and var read)
            {
                if (unpacked.Length + read > most)
                    throw new InvalidDataException($"{name}: unpacks to more than {most} bytes.");
                unpacked.Write(buffer.AsSpan(0, read));
            }

            GzipEnd.Check(packed, unpacked.Length);
            return unpacked;
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(name, StringComparison.Ordinal))
        {
            unpacked.Dispose();
            throw new InvalidDataException($"{name}: broken gzip: {e.Message}", e);
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }
}
